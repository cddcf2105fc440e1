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
        let answer = try await server.get("groups", by: berth)
        try AdministrationList(answer).print(
            format,
            [
                ("NAME", { $0.cell("name") }),
                ("MEMBERS", { $0.cell("members") }),
            ]
        )
    }
}
