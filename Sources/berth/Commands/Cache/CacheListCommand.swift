import ArgumentParser

/// `berth cache ls`.
struct CacheListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists the images that caches hold.",
        discussion: "Example: berth cache ls 'docker.io/library/*'",
        aliases: ["list"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: CacheServerOptions

    @Argument(help: ArgumentHelp("Only those that match, as repository:tag with * and ?.", valueName: "pattern"))
    var pattern: String?

    func run() async throws {
        var table = Table(columns: ["REPOSITORY", "TAG", "DIGEST", "SIZE", "PINNED"])
        for image in try await server.administration(by: berth).images(matching: pattern) {
            table.add([
                image.repository, image.tag, String(image.digest.prefix(19)), humanSize(image.size),
                image.isPinned ? "yes" : "",
            ])
        }
        Terminal.print(table.description.harmless)
    }
}
