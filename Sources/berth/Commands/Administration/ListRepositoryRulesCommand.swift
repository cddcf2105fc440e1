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
        let answer = try await server.get("rules", pattern.map { [("pattern", $0)] } ?? [], by: berth)
        try AdministrationList(answer).print(
            format,
            [
                ("REPOSITORIES", { $0.cell("pattern") }),
                ("VISIBILITY", { $0.cell("visibility") }),
                ("CREATION", { $0.cell("creation") }),
                ("IMMUTABLE TAGS", { $0.cell("immutable_tags") }),
            ]
        )
    }
}
