import ArgumentParser

/// `berth cache`, and what belongs to it.
struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Shows and keeps what a berthd caches of other registries.",
        discussion: """
            It speaks to the listener that berthd's configuration calls admin_listen.

            Example: berth cache status --server http://127.0.0.1:5002
            """,
        subcommands: [
            CacheStatusCommand.self, CacheListCommand.self, CacheWarmCommand.self, CachePinCommand.self,
            CacheUnpinCommand.self, CacheEvictCommand.self,
        ]
    )
}
