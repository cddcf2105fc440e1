import ArgumentParser

/// `berth repo`, and what belongs to it.
struct RepositoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repo",
        abstract: "Says how repositories of a berthd are: who may read them, and whose pushes make them.",
        discussion: """
            A rule is for one repository or for those of a pattern; of two the more specific one counts, for each thing that it
            says.

            Example: berth repo set --visibility public registry.example.com 'open/**'
            """,
        subcommands: [
            SetRepositoryRuleCommand.self, ListRepositoryRulesCommand.self, RemoveRepositoryRuleCommand.self,
        ]
    )
}
