import ArgumentParser

/// `berth robot`, and what belongs to it.
struct RobotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "robot",
        abstract: "Manages the accounts of programs at a berthd.",
        discussion: """
            A robot has a secret in a password's place, which it may rotate itself: both secrets hold for some time, so that
            nothing that runs is cut off.

            Example: berth robot add registry.example.com ci
            """,
        subcommands: [
            AddRobotCommand.self, ListRobotsCommand.self, RotateRobotCommand.self, RemoveRobotCommand.self,
        ]
    )
}
