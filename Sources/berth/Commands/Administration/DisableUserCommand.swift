import ArgumentParser
import ImageSpec

/// `berth user disable`.
struct DisableUserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Keeps an account from logging in, and ends what it is logged in to.",
        discussion: "Example: berth user disable registry.example.com alice"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("The account's name.", valueName: "name"))
    var name: String

    func run() async throws {
        try await server.changeUser(name, ["enabled": .bool(false)], by: berth)
    }
}
