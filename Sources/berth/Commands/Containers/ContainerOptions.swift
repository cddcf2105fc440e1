import ArgumentParser
import Glibc
import ImageSpec
import ImageStore
import Sandbox
import SystemPackage

/// What the commands that make containers take.
struct ContainerOptions: ParsableArguments {
    @OptionGroup var location: StoreLocation
    @OptionGroup(title: "Isolation") var isolation: IsolationOptions
    @OptionGroup(title: "Mounts") var mounts: MountOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup(title: "Resources") var resources: ResourceOptions
    @OptionGroup(title: "Health") var health: HealthOptions

    @Flag(name: .shortAndLong, help: "Let the program read the standard input.")
    var interactive = false

    @Flag(name: .shortAndLong, help: "Give the program a terminal.")
    var tty = false

    @Flag(name: .customLong("rm"), help: "Remove the container when its program has ended.")
    var remove = false

    @OptionGroup var variables: VariableOptions

    @Option(name: .joinable("w"), help: "The working folder.")
    var workdir: String?

    @Option(name: .joinable("h"), help: "The host name; by default the container's short ID.")
    var hostname: String?

    @Option(help: "The container's name; by default one of two words.")
    var name: String?

    @Option(name: .joinable("u"), help: ArgumentHelp("Who runs the program.", valueName: "user[:group]"))
    var user: String?

    @Option(
        help: "The program to run instead of the image's entrypoint; empty for none.",
        transform: EmptyEntrypoint.unmarked
    )
    var entrypoint: String?

    @Option(name: .joinable("l"), help: ArgumentHelp("A word on the container.", valueName: "name[=value]"))
    var label: [String] = []

    @Option(help: ArgumentHelp("The labels that a file has, one on each line.", valueName: "file"))
    var labelFile: [String] = []

    @Option(help: ArgumentHelp("What asks the program to end; by default the image's, or TERM.", valueName: "signal"))
    var stopSignal: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("When to kill what was asked to end; -1 for never.", valueName: "seconds")
    )
    var stopTimeout: Int?

    @Option(
        help: ArgumentHelp(
            "When to start it again: no, on-failure[:n], always or unless-stopped.",
            valueName: "policy"
        )
    )
    var restart: String?

    @Option(help: ArgumentHelp("How its output is kept: 'local', or 'none' at all.", valueName: "driver"))
    var logDriver: String?

    @Option(help: ArgumentHelp("max-size=BYTES[k|m|g] or max-file=NUMBER of its log.", valueName: "name=value"))
    var logOpt: [String] = []

    @Option(help: ArgumentHelp("Which platform's image: os/architecture[/variant].", valueName: "platform"))
    var platform: String?

    @Option(help: ArgumentHelp("When to pull the image: always, missing or never.", valueName: "when"))
    var pull: PullWhen = .missing

    @Flag(name: .shortAndLong, help: "Say nothing while the image is pulled.")
    var quiet = false

    @Option(help: ArgumentHelp("Write the container's ID to a file, which must not be there yet.", valueName: "file"))
    var cidfile: String?

    @OptionGroup(title: "Network") var network: NetworkOptions

    @Argument(help: ArgumentHelp("A name, or the beginning of an ID; pulled when it isn't here."), completion: .images)
    var image: String

    @Option(
        name: .joinable("a"),
        help: ArgumentHelp(
            "Go along with this stream of it, and no other: stdin, stdout or stderr; may be repeated.",
            valueName: "stream"
        )
    )
    var attach: [AttachedStream] = []

    @Argument(
        parsing: .captureForPassthrough,
        help: "The program and its arguments; by default the image's.",
        transform: EmptyEntrypoint.unmarked
    )
    var command: [String] = []

    enum PullWhen: String, ExpressibleByArgument, CaseIterable {
        case always, missing, never
    }
}

extension ContainerOptions {
    /// Makes the container, with its image pulled where that is missing.
    ///
    /// - Parameter attachesInput: whether the client that starts it is its only source of input.
    func makeContainer(_ berth: BerthCommand, endsInputWithClient: Bool) async throws -> Container {
        let idFile = try cidfile.map { try IdentifierFile(at: $0) }
        let store = try berth.openStore(location)
        let image = try await RunnableImage(name: self.image, platform: platform, when: pull, isQuiet: quiet)
            .find(in: store, berth)
        // Held until the container's own record keeps them.
        let layers = try await store.unpackedLayers(of: image)
        var configuration = try configuration(of: image, layers.folders)
        configuration.userMap = layers.userMap
        configuration.input.isOpen = interactive
        configuration.input.endsWithClient = interactive && endsInputWithClient
        configuration.runtime = try runtime.program(standard: berth.configuration().runtime)
        let filter =
            configuration.runtime == nil
            ? try isolation.filter(configuration.isolation, root: store.root)
            : try isolation.runtimeFilter(configuration.isolation)
        let container = try withExtendedLifetime(layers) {
            try ContainerStore(root: store.root).createNamed(configuration, filter: filter)
        }
        do {
            let image = ContainerTree(layers: layers.folders, userMap: layers.userMap)
            try container.makeVolumes { volume, path in try image.populate(volume.folder, from: path) }
        } catch {
            try? container.remove()
            try? container.removeAnonymousVolumes()
            throw error
        }
        try idFile?.write(container.id)
        return container
    }

    private func configuration(of image: LocalImage, _ layers: [FilePath]) throws -> ContainerConfiguration {
        let execution = image.config.execution
        var configuration = ContainerConfiguration(
            image: self.image,
            layers: layers,
            process: try ContainerProcess(ProcessDefaults(execution), overrides: try overrides),
            hostname: try hostname.map { try Hostname($0) },
            name: try name.map { try ContainerName($0) },
            isRemovedWhenStopped: remove
        )
        configuration.imageID = "\(image.id)"
        configuration.labels = execution.labels.merging(try labels) { _, new in new }
        configuration.stop.signal =
            try (stopSignal ?? execution.stopSignal).map { try SignalName($0).number } ?? SIGTERM
        if let stopTimeout { configuration.stop.timeout = stopTimeout }
        configuration.restart = try restart.map { try RestartPolicy($0) } ?? .never
        guard configuration.restart == .never || !remove else { throw ContainerOptionError.removedAndRestarted }
        configuration.isolation = try isolation.configuration
        guard hostname == nil || !configuration.isolation.hostNamespaces.contains(.names) else {
            throw ContainerOptionError.conflicting("--hostname", "--uts host")
        }
        if configuration.isolation.limitsDevices, geteuid() != 0 {
            Terminal.report("berth: the rights of --device don't hold: only root can limit what is done with a device")
        }
        configuration.mounts = try mounts.configuration(imageVolumes: execution.volumes)
        configuration.resources = try resources.limits
        if configuration.resources.isSet, !ContainerCgroup.isPossible {
            Terminal.report("berth: the limits don't hold: no control groups are delegated to this user")
        } else if ContainerCgroup.isVersionTwo {
            for option in configuration.resources.legacyOptions {
                Terminal.report("berth: \(option) doesn't hold: control groups of version 2 have no such limit")
            }
        }
        configuration.health = try health.configuration(of: execution)
        configuration.log = try LogConfiguration(driver: logDriver, options: logOpt)
        configuration.network = try network.configuration(exposed: execution.exposedPorts)
        return configuration
    }

    private var labels: [String: String] {
        get throws {
            try Dictionary(
                (labelFile.flatMap { try LinesFile($0).lines } + label).map { text in
                    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
                },
                uniquingKeysWith: { _, last in last }
            )
        }
    }

    private var overrides: ProcessOverrides {
        get throws {
            var overrides = ProcessOverrides()
            overrides.command = command
            overrides.entrypoint = entrypoint
            overrides.environment = try variables.all
            overrides.workingDirectory = workdir
            overrides.user = user
            overrides.hasTerminal = tty
            return overrides
        }
    }
}

extension ProcessDefaults {
    /// What an image wants.
    init(_ execution: ImageExecution) {
        self.init()
        entrypoint = execution.entrypoint
        command = execution.command
        environment = execution.environment
        workingDirectory = execution.workingDirectory
        user = execution.user
    }
}
