import ArgumentParser

/// `berth user`, and what belongs to it.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Manages the accounts of people at a berthd.",
        discussion: """
            For its administrators, and for everybody's own password.

            Example: berth user add registry.example.com alice
            """,
        subcommands: [
            AddUserCommand.self, ListUsersCommand.self, RemoveUserCommand.self, PasswordCommand.self,
            EnableUserCommand.self, DisableUserCommand.self, PromoteUserCommand.self, DemoteUserCommand.self,
        ]
    )
}
