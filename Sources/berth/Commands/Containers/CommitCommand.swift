import ArgumentParser
import ImageSpec
import ImageStore
import Sandbox

/// `berth commit`.
struct CommitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit",
        abstract: "Makes an image of a container.",
        discussion: """
            It has the layers of the container's image, and one of what the container did to its files; not those in \
            volumes.

            Example: berth commit -m 'with curl' -c 'CMD ["curl"]' web localhost:5000/team/web:curl
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Option(name: .joinable("a"), help: "Who made it.")
    var author: String?

    @Option(name: .joinable("m"), help: "A message for the image's history.")
    var message: String?

    @Option(
        name: .joinable("c"),
        help: ArgumentHelp("A Dockerfile instruction to apply; may be repeated.", valueName: "instruction")
    )
    var change: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Whether the container stands still meanwhile.", valueName: "true|false")
    )
    var pause = true

    @Argument(help: ArgumentHelp("A name, or the beginning of an ID.", valueName: "container"), completion: .containers)
    var container: String

    @Argument(help: ArgumentHelp("The image's name; by default it has none.", valueName: "name[:tag]"))
    var name: String?

    func run() async throws {
        let changes = try change.map { try ImageChange($0) }
        let reference = try name.map { try berth.reference($0) }
        let container = try berth.openContainers(location).find(container)
        let configuration = container.configuration
        let store = try berth.openStore(location)
        let base = try store.image(matching: configuration.imageID)
        var execution = base.config.execution
        execution.apply(configuration)
        for change in changes { change.apply(to: &execution) }
        var commit = ContainerCommit(
            created: Timestamp.now.rfc3339,
            command: configuration.process.arguments.joined(separator: " "),
            execution: execution
        )
        commit.author = author
        commit.message = message
        let files = try container.openFiles(toWrite: false)
        let pauses = try pause && container.state().status == .running
        async let filter: Void = store.prepareFilter()
        let image = try await store.commit(
            files.tree(),
            excluding: ContainerFiles.ownPaths,
            onto: base,
            as: reference,
            commit,
            standingStill: { pack in try pauses ? container.standingStill(pack) : pack() }
        )
        await filter
        withExtendedLifetime(files) { Terminal.print("\(image.id)") }
    }
}

extension ImageExecution {
    /// Takes over what the container was told to do otherwise than its image.
    fileprivate mutating func apply(_ configuration: ContainerConfiguration) {
        let process = configuration.process
        environment = process.environment
        labels = configuration.labels
        user = process.user.group.map { "\(process.user.user):\($0)" } ?? process.user.user
        if !workingDirectory.isEmpty || process.workingDirectory != "/" { workingDirectory = process.workingDirectory }
        if !process.arguments.starts(with: entrypoint) { entrypoint = Array(process.arguments.prefix(1)) }
        command = Array(process.arguments.dropFirst(entrypoint.count))
    }
}

extension Container {
    /// Runs `body` while none of the container's processes does anything.
    fileprivate func standingStill<Value>(_ body: () throws -> Value) throws -> Value {
        let hold: ContainerHold
        do {
            hold = try self.hold()
        } catch SandboxError.limitNotPossible {
            Terminal.report("WARNING: the container can't be paused here: its files may change while they are read")
            return try body()
        } catch SandboxError.containerIsNotRunning {
            return try body()
        } catch SandboxError.containerIsPaused {
            // By another commit, say, since we looked.
            return try body()
        }
        defer { hold.release() }
        return try body()
    }
}
