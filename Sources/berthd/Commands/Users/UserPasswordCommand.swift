import ArgumentParser
import Registry

/// `berthd user passwd`.
struct UserPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd",
        abstract: "Give an account another password.",
        discussion: "Clients that hold a refresh token of the account must log in again; access tokens stay good."
    )

    @OptionGroup var database: AccountDatabase
    @OptionGroup var password: NewPassword
    @OptionGroup var user: UserArgument

    func run() async throws {
        let name = try user.account()
        let password = try password.read()
        try await database.change(name, .changeAccount, detail: "password") {
            try await $0.setPassword(password, of: name)
        }
        print("'\(name)' has another password; a running server knows within a second")
    }
}
