import ArgumentParser
import ImageSpec

/// `berth manifest head`.
struct HeadManifestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "head",
        abstract: "Says what a manifest is, without fetching it.",
        discussion: """
            A template may name .Digest, .MediaType and .Size.

            Example: berth manifest head --format json localhost:5000/team/app:1.0
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup(visibility: .hidden) var location: StoreLocation

    @Option(help: RemoteListFormat.help)
    var format = "text"

    @Flag(name: .shortAndLong, help: "Print only the digest.")
    var quiet = false

    @OptionGroup var manifest: ManifestOptions

    func run() async throws {
        let format = try RemoteListFormat(format)
        let descriptor = try await manifest.descriptor(in: berth)
        guard !quiet else { return Terminal.print("\(descriptor.digest)") }
        let row = DescriptorRow(descriptor)
        try format.print([row.fields], headings: DescriptorRow.headings, document: descriptor) {
            Terminal.print("Digest: \(descriptor.digest)")
            Terminal.print("MediaType: \(descriptor.mediaType)")
            Terminal.print("Size: \(descriptor.size)")
        }
    }
}
