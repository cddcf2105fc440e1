import ArgumentParser

/// `berth cache pin`.
struct CachePinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Keeps images from being evicted; without a pattern, lists what is pinned so.",
        discussion: "Example: berth cache pin 'docker.io/library/debian:*'"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: CacheServerOptions

    @Argument(help: ArgumentHelp("Which images, as repository:tag with * and ?.", valueName: "pattern"))
    var pattern: String?

    func run() async throws {
        let administration = try await server.administration(by: berth)
        let pins =
            if let pattern {
                try await administration.pin(pattern)
            } else {
                try await administration.pins()
            }
        if !pins.isEmpty { Terminal.print(pins.joined(separator: "\n").harmless) }
    }
}
