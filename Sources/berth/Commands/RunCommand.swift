import ArgumentParser
import Glibc
import ImageSpec
import ImageStore
import RegistryClient
import Sandbox
import SystemPackage

/// `berth run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a program in a new container.",
        discussion: "Example: berth run -it --rm -e GREETING=hello localhost:5000/team/app:1.0 sh",
        // -h is the host name, as docker has it.
        helpNames: .long
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Let the program read the standard input.")
    var interactive = false

    @Flag(name: .shortAndLong, help: "Give the program a terminal.")
    var tty = false

    @Flag(name: .customLong("rm"), help: "Remove the container when its program has ended.")
    var remove = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Set a variable; a name alone passes this program's on.", valueName: "name[=value]")
    )
    var env: [String] = []

    @Option(name: .shortAndLong, help: "The working folder.")
    var workdir: String?

    @Option(name: .shortAndLong, help: "The host name; by default the container's short ID.")
    var hostname: String?

    @Option(help: "The container's name.")
    var name: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Who runs the program.", valueName: "user[:group]"))
    var user: String?

    @Option(help: "The program to run instead of the image's entrypoint.")
    var entrypoint: String?

    @Argument(help: ArgumentHelp("A name, or the beginning of an ID; pulled when it isn't here."), completion: .images)
    var image: String

    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments; by default the image's.")
    var command: [String] = []

    func run() async throws {
        let status: ExitStatus
        do {
            status = try await runContainer()
        } catch {
            throw RunFailure(cause: error)
        }
        throw ExitCode(status.code)
    }

    private func runContainer() async throws -> ExitStatus {
        let store = try berth.openStore(location)
        let image = try await findOrPull(in: store)
        let layers = try await store.unpackedLayers(of: image)
        let configuration = ContainerConfiguration(
            image: self.image,
            layers: layers.folders,
            process: try ContainerProcess(image.config.execution, overrides: overrides),
            hostname: try hostname.map { try Hostname($0) },
            name: try name.map { try ContainerName($0) },
            isRemovedWhenStopped: remove
        )
        let container = try ContainerStore(root: store.root).create(configuration)
        let status = try await container.run(streams: .standard(isInteractive: interactive))
        return withExtendedLifetime(layers) { status }
    }

    private var overrides: ProcessOverrides {
        var overrides = ProcessOverrides()
        overrides.command = command
        overrides.entrypoint = entrypoint
        overrides.environment = env.map { variable in
            guard !variable.contains("="), let value = getenv(variable) else { return variable }
            return "\(variable)=\(String(cString: value))"
        }
        overrides.workingDirectory = workdir
        overrides.user = user
        overrides.hasTerminal = tty
        return overrides
    }

    private func findOrPull(in store: ImageStore) async throws -> LocalImage {
        do {
            return try store.image(matching: image)
        } catch ImageStoreError.noSuchImage {
            let reference = try berth.reference(image)
            Terminal.report("Unable to find image '\(reference.familiarName)' locally")
            // What the program prints is all that belongs on the standard output.
            let progress = TransferProgress(.auto, isQuiet: false, on: .standardError)
            let registries = try berth.registries()
            let jobs = try berth.configuration().jobs
            let result = try await PullProgress(of: reference, as: progress).run(name: image) { show in
                try await registries.pulling(reference, onFailure: progress.notePassedOver) { client in
                    try await store.pull(reference, from: client, jobs: jobs, onEvent: show)
                }
            }
            Interruption.handle(.nothing)
            return result.image
        }
    }
}
