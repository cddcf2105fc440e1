import ArgumentParser
import ImageSpec

/// `berth user ls`.
struct ListUsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists the accounts of people.",
        discussion: "Example: berth user ls registry.example.com",
        aliases: ["list"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Option(help: ArgumentHelp("How to print: text or json.", valueName: "text|json"))
    var format = OutputFormat.text

    func run() async throws {
        let answer = try await server.get("users", by: berth)
        try AdministrationList(answer).print(
            format,
            [
                ("NAME", { $0.cell("name") }),
                ("ADMINISTRATOR", { $0.cell("administrator") }),
                ("ENABLED", { $0.cell("enabled") }),
                ("GROUPS", { $0.cell("groups") }),
                ("SOURCE", { $0.cell("source") }),
                ("CREATED", { $0.cell("created_at") }),
            ]
        )
    }
}
