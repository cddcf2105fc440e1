import ArgumentParser
import Sandbox

/// `berth exec`.
struct ExecCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Runs another program in a container that runs.",
        discussion: """
            Its end is not the container's.

            Examples:
              berth exec -it web sh
              berth exec -u www-data -w /srv web ls -l
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Let it run on its own.")
    var detach = false

    @Flag(name: .shortAndLong, help: "Let the program read the standard input.")
    var interactive = false

    @Flag(name: .shortAndLong, help: "Give the program a terminal.")
    var tty = false

    @Flag(help: "Give it all capabilities.")
    var privileged = false

    @OptionGroup var variables: VariableOptions

    @Option(name: .joinable("w"), help: "The working folder; by default the container's.")
    var workdir: String?

    @Option(
        name: .joinable("u"),
        help: ArgumentHelp("Who runs it; by default as the container.", valueName: "user[:group]")
    )
    var user: String?

    @Option(help: ArgumentHelp("The keys that leave its terminal; by default ctrl-p,ctrl-q.", valueName: "keys"))
    var detachKeys: String?

    @Argument(help: ArgumentHelp("A name, or the beginning of an ID.", valueName: "container"), completion: .containers)
    var container: String

    @Argument(
        parsing: .captureForPassthrough,
        help: "The program and its arguments.",
        transform: EmptyEntrypoint.unmarked
    )
    var command: [String]

    func run() async throws {
        let status: Int32
        do {
            status = try await execute()
        } catch let error as SandboxError where [126, 127].contains(error.exitStatus) {
            throw RunFailure(cause: error)
        } catch let error as SandboxError where error.isAboutWorkingFolder || error.isAboutUser {
            // As docker has it: the program could not be started there, or so.
            throw RunFailure(cause: error, status: 126)
        }
        throw ExitCode(status)
    }

    private func execute() async throws -> Int32 {
        let container = try berth.openContainers(location).find(container)
        let execution = try execution(in: container)
        guard !detach else {
            try container.execute(execution)
            return 0
        }
        var options = AttachOptions()
        if let detachKeys { options.detachKeys = try DetachKeys(detachKeys) }
        let streams = ContainerStreams.standard(isInteractive: interactive)
        return try await container.execute(execution, streams: streams, options: options).status
    }

    private func execution(in container: Container) throws -> ExecConfiguration {
        let first = container.configuration.process
        var defaults = ProcessDefaults()
        defaults.environment = first.environment
        defaults.workingDirectory = first.workingDirectory
        defaults.user = "\(first.user)"
        var overrides = ProcessOverrides()
        overrides.command = command
        overrides.environment = try variables.all
        overrides.keepsVariablesInPlace = true
        overrides.workingDirectory = workdir
        overrides.user = user
        overrides.hasTerminal = tty
        var execution = ExecConfiguration(process: try ContainerProcess(defaults, overrides: overrides))
        execution.isInputOpen = interactive
        execution.isPrivileged = privileged
        return execution
    }
}
