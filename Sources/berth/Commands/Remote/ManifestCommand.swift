import ArgumentParser

/// `berth manifest …`.
struct ManifestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest",
        abstract: "Shows an image's manifest in a registry.",
        subcommands: [GetManifestCommand.self, HeadManifestCommand.self]
    )
}
