import ArgumentParser
import ImageSpec

/// `berth token ls`.
struct ListTokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists the access tokens that you have.",
        discussion: "Example: berth token ls registry.example.com",
        aliases: ["list"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry
    @Option(help: ArgumentHelp("Whose; '*' for everybody's. For administrators.", valueName: "name"))
    var owner: String?

    @Option(help: ArgumentHelp("How to print: text or json.", valueName: "text|json"))
    var format = OutputFormat.text

    func run() async throws {
        try await server.list(
            "tokens",
            owner.map { [("owner", $0)] } ?? [],
            as: format,
            [
                ("ID", "id"),
                ("KIND", "kind"),
                ("OWNER", "owner"),
                ("NAME", "name"),
                ("SCOPES", "scopes"),
                ("CREATED", "created_at"),
                ("EXPIRES", "expires_at"),
            ],
            by: berth
        )
    }
}
