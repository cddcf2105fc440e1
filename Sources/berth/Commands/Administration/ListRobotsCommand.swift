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
        try await server.list(
            "robots",
            as: format,
            [
                ("NAME", "name"),
                ("ENABLED", "enabled"),
                ("GROUPS", "groups"),
                ("CREATED", "created_at"),
            ],
            by: berth
        )
    }
}
