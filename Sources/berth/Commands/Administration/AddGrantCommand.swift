import ArgumentParser
import ImageSpec

/// `berth grant add`.
struct AddGrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Grants actions, in the place of what was granted for the same pattern.",
        discussion: "Example: berth grant add registry.example.com group:dev 'team/**' pull,push"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("Whom.", valueName: "whom"))
    var subject: String

    @Argument(help: ArgumentHelp("Which repositories.", valueName: "pattern"))
    var pattern: String

    @Argument(help: ArgumentHelp("What, with commas between.", valueName: "actions"))
    var actions: String

    func run() async throws {
        let actions = actions.split(separator: ",").map { JSONValue.string(String($0)) }
        let body: [String: JSONValue?] = [
            "subject": .string(subject), "pattern": .string(pattern), "actions": .array(actions),
        ]
        try await server.call("PUT", "grants", [], body, by: berth)
    }
}
