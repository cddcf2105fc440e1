import ArgumentParser

/// `berth token`, and what belongs to it.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Manages access tokens at a berthd.",
        discussion: """
            A token stands in a password's place, for all that its owner may or for a part of it.

            Example: berth token create --scope 'team/**:pull' --expires 90d registry.example.com laptop
            """,
        subcommands: [
            CreateTokenCommand.self, ListTokensCommand.self, RevokeTokenCommand.self,
        ]
    )
}
