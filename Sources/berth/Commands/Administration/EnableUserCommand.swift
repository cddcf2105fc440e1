import ArgumentParser
import ImageSpec

/// `berth user enable`.
struct EnableUserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Lets a disabled account log in again.",
        discussion: "Example: berth user enable registry.example.com alice"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("The account's name.", valueName: "name"))
    var name: String

    func run() async throws {
        try await server.changeUser(name, ["enabled": .bool(true)], by: berth)
    }
}
