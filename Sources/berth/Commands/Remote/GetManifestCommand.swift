import ArgumentParser
import Mirror

/// `berth manifest get`.
struct GetManifestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Prints a manifest, byte for byte.",
        discussion: "Example: berth manifest get --platform linux/arm64 debian:12 | jq .layers"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var manifest: ManifestOptions

    func run() async throws {
        let resolved = try await manifest.resolve(in: berth)
        Terminal.print(bytes: resolved.manifest.bytes)
    }
}
