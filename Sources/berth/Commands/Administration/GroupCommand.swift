import ArgumentParser

/// `berth group`, and what belongs to it.
struct GroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Manages groups of accounts at a berthd.",
        discussion: """
            A group is there while it has members.

            Example: berth group add registry.example.com dev alice bob
            """,
        subcommands: [
            AddToGroupCommand.self, ListGroupsCommand.self, RemoveFromGroupCommand.self,
        ]
    )
}
