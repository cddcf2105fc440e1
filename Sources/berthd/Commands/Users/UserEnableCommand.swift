import ArgumentParser
import Registry

/// `berthd user enable`.
struct UserEnableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let a disabled account log in again.",
        discussion: "What it was granted before holds again."
    )

    @OptionGroup var database: AccountDatabase
    @OptionGroup var user: UserArgument

    func run() async throws {
        let name = try user.account()
        try await database.change(name, .changeAccount, detail: "enabled") { try await $0.setEnabled(true, name) }
        print("'\(name)' is enabled; a running server knows within a second")
    }
}
