import ArgumentParser
import ImageSpec

/// `berth repo rm`.
struct RemoveRepositoryRuleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Ends a rule: the repositories stay, and what less specific rules say of them holds.",
        discussion: "Example: berth repo rm registry.example.com 'team/**'",
        aliases: ["remove"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("Which repositories.", valueName: "pattern"))
    var pattern: String

    func run() async throws {
        try await server.call("DELETE", "rules", [("pattern", pattern)], by: berth)
    }
}
