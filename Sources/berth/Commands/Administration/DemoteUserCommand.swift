import ArgumentParser
import ImageSpec

/// `berth user demote`.
struct DemoteUserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demote",
        abstract: "Leaves an account what was granted to it.",
        discussion: "Example: berth user demote registry.example.com alice"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("The account's name.", valueName: "name"))
    var name: String

    func run() async throws {
        try await server.changeUser(name, ["administrator": .bool(false)], by: berth)
    }
}
