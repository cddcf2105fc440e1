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
        let answer = try await server.get("quotas", by: berth)
        try AdministrationList(answer).print(
            format,
            [
                ("NAMESPACE", { $0.cell("namespace") }),
                ("BYTES", { $0.cell("bytes") }),
                ("USED", { $0.cell("bytes_used") }),
                ("REPOSITORIES", { $0.cell("repositories") }),
                ("USED", { $0.cell("repositories_used") }),
            ]
        )
    }
}
