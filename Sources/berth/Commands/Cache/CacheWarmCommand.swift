import ArgumentParser

/// `berth cache warm`.
struct CacheWarmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "warm",
        abstract: "Fetches images into the cache before anybody asks for them.",
        discussion: "Example: berth cache warm docker.io/library/nginx:1.27"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: CacheServerOptions

    @Option(help: ArgumentHelp("What to take of an index; linux/amd64 by default.", valueName: "os/arch"))
    var platform: String?

    @Argument(help: ArgumentHelp("With the cache's prefix, as docker.io/library/nginx:1.", valueName: "image"))
    var images: [String]

    /// Goes on with the others when one can't be had.
    func run() async throws {
        let administration = try await server.administration(by: berth)
        var failure: (any Error)?
        for image in images {
            do {
                Terminal.print("\(image): \(try await administration.warm(image, platform: platform))".harmless)
            } catch {
                if let before = failure { Failure(before).report() }
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
