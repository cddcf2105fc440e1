import ArgumentParser
import ImageSpec

/// `berth group ls`.
struct ListGroupsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists the groups and their members.",
        discussion: "Example: berth group ls registry.example.com",
        aliases: ["list"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Option(help: ArgumentHelp("How to print: text or json.", valueName: "text|json"))
    var format = OutputFormat.text

    func run() async throws {
        try await server.list(
            "groups",
            as: format,
            [
                ("NAME", "name"),
                ("MEMBERS", "members"),
            ],
            by: berth
        )
    }
}
