import ArgumentParser
import ImageSpec

/// `berth grant rm`.
struct RemoveGrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Ends what was granted.",
        discussion: "Example: berth grant rm registry.example.com group:dev 'team/**'",
        aliases: ["remove"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("Whom.", valueName: "whom"))
    var subject: String

    @Argument(help: ArgumentHelp("Which repositories.", valueName: "pattern"))
    var pattern: String

    func run() async throws {
        try await server.call("DELETE", "grants", [("subject", subject), ("pattern", pattern)], by: berth)
    }
}
