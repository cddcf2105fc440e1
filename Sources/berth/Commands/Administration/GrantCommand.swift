import ArgumentParser

/// `berth grant`, and what belongs to it.
struct GrantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Says who may do what with which repositories of a berthd.",
        discussion: """
            Whom: user:NAME (or a name alone), group:NAME, signed-in for everybody with an account, or everyone. Which: team/app,
            team/* for one more part, team/** for all below, ** for every one. What: pull, push, delete, administer.

            Example: berth grant add registry.example.com group:dev 'team/**' pull,push
            """,
        subcommands: [
            AddGrantCommand.self, ListGrantsCommand.self, RemoveGrantCommand.self,
        ]
    )
}
