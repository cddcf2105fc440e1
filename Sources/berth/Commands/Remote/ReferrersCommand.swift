import ArgumentParser
import ImageSpec
import RegistryClient

/// `berth referrers`.
struct ReferrersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "referrers",
        abstract: "Lists what refers to an image in a registry: signatures, SBOMs and the like.",
        discussion: "Example: berth referrers --artifact-type application/spdx+json localhost:5000/team/app:1.0"
    )

    @ParentCommand var berth: BerthCommand

    @Option(help: ArgumentHelp("Only artifacts of this type.", valueName: "type"))
    var artifactType: String?

    @Option(help: ArgumentHelp("text, or json for the index as registries give it.", valueName: "format"))
    var format = RemoteListFormat.text

    @Flag(name: .shortAndLong, help: "Print only the digests.")
    var quiet = false

    @OptionGroup var manifest: ManifestOptions

    func run() async throws {
        let artifactType = try artifactType.map { try MediaType($0) }
        let reference = try berth.reference(manifest.name)
        let subject = try await manifest.descriptor(in: berth).digest
        let referrers = try await berth.client(for: reference.host)
            .referrers(of: subject, in: reference.repository, artifactType: artifactType)
        if quiet {
            for referrer in referrers { Terminal.print("\(referrer.digest)") }
            return
        }
        switch format {
        case .text: Terminal.print(Self.table(of: referrers).description)
        case .json: try Terminal.print(json: ImageIndex(manifests: referrers))
        }
    }

    private static func table(of referrers: [Descriptor]) -> Table {
        var table = Table(columns: ["DIGEST", "ARTIFACT TYPE", "SIZE"])
        for referrer in referrers {
            let type = referrer.artifactType ?? referrer.mediaType
            table.add(["\(referrer.digest)", "\(type)", humanSize(referrer.size)])
        }
        return table
    }
}
