import ArgumentParser

/// `berthd user`: the accounts of people, on the server's own machine.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Manage the accounts of people in the data folder.",
        discussion: """
            Example: berthd user add --admin alice

            It works on the database, whether a server runs or not: one that does takes a change over within a second.
            Everything else, robots and tokens, groups and grants, is managed by 'berth' with an administrator's login.
            """,
        subcommands: [
            UserAddCommand.self, UserListCommand.self, UserPasswordCommand.self, UserDisableCommand.self,
            UserEnableCommand.self, UserRemoveCommand.self,
        ]
    )
}
