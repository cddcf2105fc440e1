import ArgumentParser

/// `berth cache unpin`.
struct CacheUnpinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin",
        abstract: "Takes a pin back.",
        discussion: "Example: berth cache unpin 'docker.io/library/debian:*'"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: CacheServerOptions

    @Argument(help: ArgumentHelp("As it was pinned.", valueName: "pattern"))
    var pattern: String

    func run() async throws {
        let pins = try await server.administration(by: berth).unpin(pattern)
        if !pins.isEmpty { Terminal.print(pins.joined(separator: "\n").harmless) }
    }
}
