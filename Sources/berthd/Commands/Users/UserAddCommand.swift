import ArgumentParser
import Registry

/// `berthd user add`.
struct UserAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add an account with a password.",
        discussion: """
            The password is asked for twice, or read from the standard input:
            berthd user add --admin --password-stdin alice < password.txt
            """
    )

    @OptionGroup var database: AccountDatabase
    @OptionGroup var password: NewPassword

    @Flag(name: .long, help: "It may do everything, accounts and grants included.")
    var admin = false

    @OptionGroup var user: UserArgument

    func run() async throws {
        let name = try user.account()
        let password = try password.read()
        try await database.change(name, .addAccount, making: true, detail: admin ? "administrator" : nil) { access in
            try await access.addPerson(name, password: password, isAdministrator: admin)
        }
        print("'\(name)' was added; a running server knows within a second")
    }
}
