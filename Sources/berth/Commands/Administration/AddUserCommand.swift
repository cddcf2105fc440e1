import ArgumentParser
import ImageSpec

/// `berth user add`.
struct AddUserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds an account with a password.",
        discussion: "Example: berth user add --group dev registry.example.com alice"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry
    @OptionGroup var password: NewPassword

    @Flag(help: "It may do everything.")
    var admin = false

    @Flag(help: "It has no password, and is only used by tokens.")
    var noPassword = false

    @Option(help: ArgumentHelp("A group that it is to be in; may be repeated.", valueName: "group"))
    var group: [String] = []

    @Argument(help: ArgumentHelp("The account's name.", valueName: "name"))
    var name: String

    func run() async throws {
        let body: [String: JSONValue?] = [
            "name": .string(name), "password": noPassword ? nil : .string(try password.read()),
            "administrator": .bool(admin), "groups": .array(group.map { .string($0) }),
        ]
        try await server.call("POST", "users", [], body, by: berth)
        Terminal.print(name)
    }
}
