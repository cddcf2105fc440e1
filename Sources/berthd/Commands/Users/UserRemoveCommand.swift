import ArgumentParser
import Registry

/// `berthd user remove`.
struct UserRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove an account, with its tokens, its groups and what was granted to it."
    )

    @OptionGroup var database: AccountDatabase
    @OptionGroup var user: UserArgument

    func run() async throws {
        let name = try user.account()
        try await database.change(name, .removeAccount) { access in
            try await access.removeAccount(name)
            print("'\(name)' was removed; a running server knows within a second")
            guard access.policy.accounts.isEmpty else { return }
            print(
                "there are no accounts now: a server that listens on 127.0.0.1 alone serves whoever is on this machine"
            )
        }
    }
}
