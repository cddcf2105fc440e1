import ArgumentParser
import Glibc
import Sandbox

/// `berth run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a program in a new container.",
        discussion: """
            Examples:
              berth run -it --rm -e GREETING=hello localhost:5000/team/app:1.0 sh
              berth run -d --name web localhost:5000/team/web
            """,
        // -h is the host name, as docker has it.
        helpNames: .long
    )

    @ParentCommand var berth: BerthCommand

    @Flag(name: .shortAndLong, help: "Print the container's ID, and let it run on its own.")
    var detach = false

    @OptionGroup var attachment: AttachmentOptions
    @OptionGroup var options: ContainerOptions

    func run() async throws {
        // By docker's rules no failure of `run`, whose status is 125.
        guard !detach || options.attach.isEmpty else { throw ContainerOptionError.attachedAndDetached }
        let status: Int32
        do {
            status = try await runContainer()
        } catch {
            throw RunFailure(cause: error)
        }
        throw ExitCode(status)
    }

    private func runContainer() async throws -> Int32 {
        var attachOptions = try attachment.options
        if !options.attach.isEmpty { attachOptions.outputs = Set(options.attach.compactMap(\.output)) }
        // Before there is a container: nobody would want it.
        guard detach || !options.tty || !options.interactive || isatty(STDIN_FILENO) == 1 else {
            throw SandboxError.inputIsNotATerminal
        }
        let container = try await options.makeContainer(berth, endsInputWithClient: !detach)
        guard !detach else {
            try container.start()
            Terminal.print("\(container.id)")
            return 0
        }
        let streams = ContainerStreams.standard(isInteractive: options.interactive)
        return try await container.run(streams: streams, options: attachOptions).status
    }
}
