import ArgumentParser
import Registry

/// `berthd user list`.
struct UserListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the accounts, a line each: the name, what it is, and its groups."
    )

    @OptionGroup var database: AccountDatabase

    func run() async throws {
        try await database.open { access in
            let accounts = access.policy.accounts.values.sorted { $0.name < $1.name }
            let width = accounts.map(\.name.rawValue.count).max() ?? 0
            for account in accounts {
                var words = [account.kind == .robot ? "robot" : account.isAdministrator ? "administrator" : "user"]
                if !account.isEnabled { words.append("disabled") }
                if access.isInPasswordFile(account.name) { words.append("htpasswd") }
                words += account.groups.sorted().map { "@\($0)" }
                let padding = String(repeating: " ", count: width - account.name.rawValue.count)
                print("\(account.name)\(padding)  \(words.joined(separator: " "))")
            }
        }
    }
}
