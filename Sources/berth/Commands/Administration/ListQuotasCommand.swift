import ArgumentParser
import ImageSpec

/// `berth quota ls`.
struct ListQuotasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists what namespaces may hold, and what they do.",
        discussion: "Example: berth quota ls registry.example.com",
        aliases: ["list"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Option(help: ArgumentHelp("How to print: text or json.", valueName: "text|json"))
    var format = OutputFormat.text

    func run() async throws {
        try await server.list(
            "quotas",
            as: format,
            [
                ("NAMESPACE", "namespace"),
                ("BYTES", "bytes"),
                ("USED", "bytes_used"),
                ("REPOSITORIES", "repositories"),
                ("USED", "repositories_used"),
            ],
            by: berth
        )
    }
}
