import ArgumentParser
import ImageSpec

/// `berth cache status`.
struct CacheStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows what is on its way, how endpoints do, and what was saved.",
        discussion: "Example: berth cache status"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: CacheServerOptions

    @Option(help: ArgumentHelp("How to print: text or json.", valueName: "text|json"))
    var format = OutputFormat.text

    func run() async throws {
        let status = try await server.administration(by: berth).status()
        switch format {
        case .json: Terminal.print(String(decoding: status.compactText, as: UTF8.self).harmless)
        case .text: Terminal.print(CacheStatusText(status).description.harmless)
        }
    }
}
