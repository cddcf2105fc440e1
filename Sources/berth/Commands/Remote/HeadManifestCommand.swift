import ArgumentParser
import ImageSpec

/// `berth manifest head`.
struct HeadManifestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "head",
        abstract: "Says what a manifest is, without fetching it.",
        discussion: "Example: berth manifest head --format json localhost:5000/team/app:1.0"
    )

    @ParentCommand var berth: BerthCommand

    @Option(help: ArgumentHelp("text, or json for a descriptor.", valueName: "format"))
    var format = RemoteListFormat.text

    @OptionGroup var manifest: ManifestOptions

    func run() async throws {
        let descriptor = try await manifest.descriptor(in: berth)
        switch format {
        case .text:
            Terminal.print("Digest: \(descriptor.digest)")
            Terminal.print("MediaType: \(descriptor.mediaType)")
            Terminal.print("Size: \(descriptor.size)")
        case .json:
            try Terminal.print(json: descriptor)
        }
    }
}
