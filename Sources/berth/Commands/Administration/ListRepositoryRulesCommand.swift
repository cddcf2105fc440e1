import ArgumentParser
import ImageSpec

/// `berth repo ls`.
struct ListRepositoryRulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists the rules, the more specific first.",
        discussion: "Example: berth repo ls registry.example.com",
        aliases: ["list"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry
    @Option(help: ArgumentHelp("Only the rule for just this pattern.", valueName: "pattern"))
    var pattern: String?

    @Option(help: ArgumentHelp("How to print: text or json.", valueName: "text|json"))
    var format = OutputFormat.text

    func run() async throws {
        try await server.list(
            "rules",
            pattern.map { [("pattern", $0)] } ?? [],
            as: format,
            [
                ("REPOSITORIES", "pattern"),
                ("VISIBILITY", "visibility"),
                ("CREATION", "creation"),
                ("IMMUTABLE TAGS", "immutable_tags"),
            ],
            by: berth
        )
    }
}
