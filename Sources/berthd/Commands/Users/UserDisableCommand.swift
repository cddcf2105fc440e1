import ArgumentParser
import Registry

/// `berthd user disable`.
struct UserDisableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Keep an account from logging in, and end what it is logged in to.",
        discussion: "What it was granted, its tokens and groups stay, for when it is enabled again."
    )

    @OptionGroup var database: AccountDatabase
    @OptionGroup var user: UserArgument

    func run() async throws {
        let name = try user.account()
        try await database.change(name, .changeAccount, detail: "disabled") { try await $0.setEnabled(false, name) }
        print("'\(name)' is disabled; a running server knows within a second")
    }
}
