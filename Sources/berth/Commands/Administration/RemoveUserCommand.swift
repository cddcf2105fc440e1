import ArgumentParser
import ImageSpec

/// `berth user rm`.
struct RemoveUserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Removes accounts, with their tokens and all that was granted to them.",
        discussion: "Example: berth user rm registry.example.com alice",
        aliases: ["remove"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("The accounts' names.", valueName: "name"))
    var names: [String]

    func run() async throws {
        for name in names {
            try await server.call("DELETE", "users/\(AdministeredRegistry.part(name))", by: berth)
            Terminal.print(name)
        }
    }
}
