import ArgumentParser
import ImageSpec
import Mirror

/// `berth manifest get`.
struct GetManifestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Prints a manifest, byte for byte.",
        discussion: """
            Examples:
              berth manifest get --platform linux/arm64 debian:12 | jq .layers
              berth manifest get --platform linux/amd64 --format '{{.config.digest}}' debian:12
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup(visibility: .hidden) var location: StoreLocation
    @Option(
        help: ArgumentHelp("Print by a template instead, which may name the manifest's fields.", valueName: "format")
    )
    var format: String?

    @OptionGroup var manifest: ManifestOptions

    func run() async throws {
        let template = try format.map { try Template($0) }
        let bytes = try await manifest.resolve(in: berth).manifest.bytes
        guard let template else { return Terminal.print(bytes: bytes) }
        Terminal.print(try template.render(JSONValue(parsing: bytes)))
    }
}
