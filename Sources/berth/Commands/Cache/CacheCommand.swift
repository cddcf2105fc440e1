import ArgumentParser

/// `berth cache`, and what belongs to it.
struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Shows and keeps what a berthd caches of other registries.",
        discussion: """
            For those who administer the berthd: log in to it first, if it has accounts.

            Example: berth cache status --server registry.example.com
            """,
        subcommands: [
            CacheStatusCommand.self, CacheListCommand.self, CacheWarmCommand.self, CachePinCommand.self,
            CacheUnpinCommand.self, CacheEvictCommand.self,
        ]
    )
}
