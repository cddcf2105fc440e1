import ArgumentParser

/// `berth cache evict`.
struct CacheEvictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evict",
        abstract: "Drops images from caches, with the blobs that nothing else needs.",
        discussion: "Example: berth cache evict 'docker.io/library/nginx:1.2?'"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: CacheServerOptions

    @Argument(help: ArgumentHelp("Which images, as repository:tag with * and ?.", valueName: "pattern"))
    var pattern: String

    func run() async throws {
        let eviction = try await server.administration(by: berth).evict(pattern)
        Terminal.print(
            "Evicted \(eviction.tags) tags and \(eviction.blobs) blobs, \(humanSize(eviction.bytes))"
        )
    }
}
