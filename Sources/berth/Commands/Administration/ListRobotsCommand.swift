import ArgumentParser
import ImageSpec

/// `berth robot ls`.
struct ListRobotsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists the robots.",
        discussion: "Example: berth robot ls registry.example.com",
        aliases: ["list"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Option(help: ArgumentHelp("How to print: text or json.", valueName: "text|json"))
    var format = OutputFormat.text

    func run() async throws {
        let answer = try await server.get("robots", by: berth)
        try AdministrationList(answer).print(
            format,
            [
                ("NAME", { $0.cell("name") }),
                ("ENABLED", { $0.cell("enabled") }),
                ("GROUPS", { $0.cell("groups") }),
                ("CREATED", { $0.cell("created_at") }),
            ]
        )
    }
}
