import ArgumentParser
import ImageSpec
import Mirror
import RegistryClient

/// `berth copy`.
struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copies an image from place to place, without keeping it here.",
        discussion: """
            A place is one of
              [docker://]NAME[:TAG|@DIGEST]     an image in a registry
              oci:FOLDER[:TAG|@DIGEST]          in an OCI image layout
              oci-archive:FILE[:TAG|@DIGEST]    in a tar archive of an OCI image layout
              docker-archive:FILE[:NAME[:TAG]]  in an archive as docker save writes it

            Manifests and blobs stay byte for byte as they are; what the destination has is not sent again. Of an \
            image for several platforms the one for this host is copied, and takes the place of the whole, unless \
            --all-platforms or --platform says otherwise.

            Examples:
              berth copy debian:12 localhost:5000/debian:12
              berth copy --all-platforms --referrers registry.example/app:1.0 localhost:5000/app:1.0
              berth copy localhost:5000/app:1.0 oci-archive:app.tar:1.0
            """
    )

    @ParentCommand var berth: BerthCommand

    @Flag(help: "Copy all platforms of the image.")
    var allPlatforms = false

    @Option(help: ArgumentHelp("Copy the image for this platform.", valueName: "os/architecture[/variant]"))
    var platform: String?

    @Flag(help: "Copy signatures, SBOMs and all else that refers to the image, too.")
    var referrers = false

    @Flag(name: .shortAndLong, help: "Print only the digest.")
    var quiet = false

    @Argument(help: "What to copy.")
    var source: String

    @Argument(help: "Where to.")
    var destination: String

    func validate() throws {
        guard !allPlatforms || platform == nil else {
            throw ValidationError("--platform and --all-platforms can't be given together")
        }
    }

    func run() async throws {
        let platforms: CopyOptions.Platforms =
            if allPlatforms { .all } else if let platform { .only(try Platform(platform)) } else { .preferred(.host) }
        let source = try ImageLocation(source, reference: berth.reference)
        let destination = try ImageLocation(destination, reference: berth.reference)
        let registries = try berth.registries()
        let options = CopyOptions(platforms: platforms, referrers: referrers)
        let report = try await Self.withSource(source, registries) { opened in
            try await ImageCopy(
                from: opened,
                to: destination.openDestination(from: source, client: registries.pushClient(for:)),
                options: options,
                onEvent: quiet ? Self.ignore : Self.show
            ).run()
        }
        guard !quiet else { return Terminal.print("\(report.digest)") }
        Terminal.print("Digest: \(report.digest)")
        Terminal.print("Manifests: \(report.manifests.copied) copied, \(report.manifests.skipped) already there")
        Terminal.print("Blobs: \(report.blobs.copied) copied, \(report.blobs.skipped) already there")
        Terminal.print("Sent: \(humanSize(report.bytes))")
        Terminal.print("\(destination)")
    }

    /// Opens the source, which for a registry may be one of its mirrors.
    private static func withSource(
        _ location: ImageLocation,
        _ registries: Registries,
        _ body: (any ImageSource) async throws -> CopyReport
    ) async throws -> CopyReport {
        guard case .registry(let reference) = location else {
            return try await body(location.openSource(client: registries.client(for:)))
        }
        let progress = TransferProgress(.plain, isQuiet: false)
        return try await registries.pulling(reference, onFailure: progress.notePassedOver) { client in
            try await body(location.openSource { _ in client })
        }
    }

    private static let ignore: @Sendable (CopyEvent) -> Void = { _ in }

    @Sendable private static func show(_ event: CopyEvent) {
        switch event {
        case .chose(let platform, let index):
            Terminal.print("Copying only \(platform) of \(index); --all-platforms copies all")
        case .blob(let blob, .alreadyThere):
            Terminal.print("\(blob.digest.short): Already exists")
        case .blob(let blob, .mounted):
            Terminal.print("\(blob.digest.short): Mounted from another repository")
        case .blob(let blob, .uploaded):
            Terminal.print("\(blob.digest.short): Copied")
        case .manifest:
            break
        }
    }
}
