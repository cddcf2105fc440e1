import ArgumentParser

/// `berth quota`, and what belongs to it.
struct QuotaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quota",
        abstract: "Says how much namespaces of a berthd may hold.",
        discussion: """
            A namespace is a repository and all below it. A blob counts once in it, manifests and caches don't count.

            Example: berth quota set --bytes 100GiB registry.example.com team
            """,
        subcommands: [
            SetQuotaCommand.self, ListQuotasCommand.self, RemoveQuotaCommand.self,
        ]
    )
}
