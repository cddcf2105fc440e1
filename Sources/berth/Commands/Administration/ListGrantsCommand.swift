import ArgumentParser
import ImageSpec

/// `berth grant ls`.
struct ListGrantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists what is granted.",
        discussion: "Example: berth grant ls registry.example.com",
        aliases: ["list"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry
    @Option(help: ArgumentHelp("Only what is granted for just this pattern.", valueName: "pattern"))
    var pattern: String?

    @Option(help: ArgumentHelp("How to print: text or json.", valueName: "text|json"))
    var format = OutputFormat.text

    func run() async throws {
        try await server.list(
            "grants",
            pattern.map { [("pattern", $0)] } ?? [],
            as: format,
            [
                ("WHOM", "subject"),
                ("REPOSITORIES", "pattern"),
                ("ACTIONS", "actions"),
            ],
            by: berth
        )
    }
}
