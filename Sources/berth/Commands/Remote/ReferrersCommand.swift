import ArgumentParser
import ImageSpec
import RegistryClient

/// `berth referrers`.
struct ReferrersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "referrers",
        abstract: "Lists what refers to an image in a registry: signatures, SBOMs and the like.",
        discussion: """
            A template may name .Digest, .ArtifactType, .MediaType, .Size and .Annotations.

            Examples:
              berth referrers --artifact-type application/spdx+json localhost:5000/team/app:1.0
              berth referrers --format '{{.Digest}} {{json .Annotations}}' localhost:5000/team/app:1.0
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup(visibility: .hidden) var location: StoreLocation

    @Option(help: ArgumentHelp("Only artifacts of this type.", valueName: "type"))
    var artifactType: String?

    @Option(help: RemoteListFormat.help)
    var format = "text"

    @Flag(name: .shortAndLong, help: "Print only the digests.")
    var quiet = false

    @OptionGroup var manifest: ManifestOptions

    func run() async throws {
        let format = try RemoteListFormat(format)
        let artifactType = try artifactType.map { try MediaType($0) }
        let reference = try berth.reference(manifest.name)
        let subject = try await manifest.descriptor(in: berth).digest
        let referrers = try await berth.client(for: reference.host)
            .referrers(of: subject, in: reference.repository, artifactType: artifactType)
        if quiet {
            for referrer in referrers { Terminal.print("\(referrer.digest)") }
            return
        }
        try format.print(
            referrers.map { DescriptorRow($0).fields },
            headings: DescriptorRow.headings,
            document: ImageIndex(manifests: referrers)
        ) {
            Terminal.print(Self.table(of: referrers).description)
        }
    }

    private static func table(of referrers: [Descriptor]) -> Table {
        var table = Table(columns: ["DIGEST", "ARTIFACT TYPE", "SIZE"])
        for referrer in referrers {
            table.add([
                "\(referrer.digest)", "\(DescriptorRow(referrer).artifactType)", humanSize(referrer.size),
            ])
        }
        return table
    }
}
