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
        let answer = try await server.get("tokens", owner.map { [("owner", $0)] } ?? [], by: berth)
        try AdministrationList(answer).print(
            format,
            [
                ("ID", { $0.cell("id") }),
                ("KIND", { $0.cell("kind") }),
                ("OWNER", { $0.cell("owner") }),
                ("NAME", { $0.cell("name") }),
                ("SCOPES", { $0.cell("scopes") }),
                ("CREATED", { $0.cell("created_at") }),
                ("EXPIRES", { $0.cell("expires_at") }),
            ]
        )
    }
}
