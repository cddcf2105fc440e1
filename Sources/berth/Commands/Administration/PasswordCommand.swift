import ArgumentParser
import ImageSpec

/// `berth user passwd`.
struct PasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd",
        abstract: "Gives an account another password.",
        discussion: "Example: berth user passwd registry.example.com alice"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry
    @OptionGroup var password: NewPassword

    @Argument(help: ArgumentHelp("The account's name.", valueName: "name"))
    var name: String

    func run() async throws {
        try await server.changeUser(name, ["password": .string(try password.read())], by: berth)
    }
}
