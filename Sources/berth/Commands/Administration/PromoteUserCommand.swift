import ArgumentParser
import ImageSpec

/// `berth user promote`.
struct PromoteUserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Lets an account do everything.",
        discussion: "Example: berth user promote registry.example.com alice"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("The account's name.", valueName: "name"))
    var name: String

    func run() async throws {
        try await server.changeUser(name, ["administrator": .bool(true)], by: berth)
    }
}
