import ArgumentParser
import Sandbox

/// `berth attach`.
struct AttachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Goes along with a container that runs: shows what it writes, and passes on what is typed.",
        discussion: """
            Ctrl-P Ctrl-Q leaves its terminal, and lets it run on.

            Example: berth attach shell
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation
    @OptionGroup var attachment: AttachmentOptions

    @Flag(help: "Type nothing to it.")
    var noStdin = false

    @Argument(help: ArgumentHelp("A name, or the beginning of an ID.", valueName: "container"), completion: .containers)
    var container: String

    func run() async throws {
        let container = try berth.openContainers(location).find(container)
        let streams = ContainerStreams.standard(isInteractive: !noStdin && container.configuration.input.isOpen)
        let options = try attachment.options
        throw ExitCode(try await container.follow(streams: streams, options: options).status)
    }
}
