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
        try await server.list(
            "users",
            as: format,
            [
                ("NAME", "name"),
                ("ADMINISTRATOR", "administrator"),
                ("ENABLED", "enabled"),
                ("GROUPS", "groups"),
                ("SOURCE", "source"),
                ("CREATED", "created_at"),
            ],
            by: berth
        )
    }
}
