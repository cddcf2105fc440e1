import ArgumentParser
import Sandbox

/// `berth start`.
struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Starts containers that were made, or have ended.",
        discussion: """
            What a container wrote into its files and its log is still there.

            Examples:
              berth start web
              berth start -ai shell
              berth start --at-boot
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Show what it writes, pass signals on, and end as it does.")
    var attach = false

    @Flag(name: .shortAndLong, help: "Let it read the standard input.")
    var interactive = false

    @Flag(help: "Start those whose restart policy is always, or unless-stopped; for a unit of the system's.")
    var atBoot = false

    @OptionGroup var attachment: AttachmentOptions

    @Argument(help: ArgumentHelp("Names, or beginnings of IDs.", valueName: "container"), completion: .containers)
    var containers: [String] = []

    func run() async throws {
        let store = try berth.openContainers(location)
        if atBoot { return try EachContainer(store: store, names: namesAtBoot(of: store)).run { try $0.start() } }
        guard !containers.isEmpty else { throw ValidationError("name the containers to start") }
        guard attach || interactive else {
            return try EachContainer(store: store, names: containers).run { container in
                if try !container.isMonitored { try container.start() }
            }
        }
        guard containers.count == 1 else { throw ValidationError("only one container can be attached to") }
        let container = try store.find(containers[0])
        let streams = ContainerStreams.standard(isInteractive: interactive && container.configuration.input.isOpen)
        let status: Int32
        do {
            status = try await container.run(streams: streams, options: attachment.options).status
        } catch {
            throw RunFailure(cause: error)
        }
        throw ExitCode(status)
    }

    private func namesAtBoot(of store: ContainerStore) throws -> [String] {
        try store.all().filter { container in
            let state = try container.state()
            guard !state.isActive, state.status != .removing else { return false }
            return container.configuration.restart.startsAtBoot(wasStoppedByHand: state.wasStoppedByHand)
        }
        .map(\.label)
    }
}
