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
    @OptionGroup(visibility: .hidden) var location: StoreLocation

    @OptionGroup var transfer: TransferOptions

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
        let source = try ImageLocation(source, reference: berth.reference)
        let destination = try ImageLocation(destination, reference: berth.reference)
        let registries = try berth.registries(rememberingUploadsAt: location)
        let options = try copyOptions(to: destination)
        // A quiet copy is for what wants the digest, not the name that it gave itself.
        let progress = TransferProgress(transfer.progress, isQuiet: quiet, quietly: .digest)
        try await CopyProgress(to: destination, as: progress).run { show in
            try await Self.withSource(source, registries, progress) { opened in
                try await ImageCopy(
                    from: opened,
                    to: destination.openDestination(from: source, client: registries.pushClient(for:)),
                    options: options,
                    onEvent: show
                ).run()
            }
        }
    }

    private func copyOptions(to destination: ImageLocation) throws -> CopyOptions {
        let configuration = try berth.configuration()
        var options = CopyOptions(referrers: referrers, jobs: transfer.jobs ?? configuration.jobs)
        options.platforms =
            if allPlatforms { .all } else if let platform { .only(try Platform(platform)) } else { .preferred(.host) }
        if case .registry(let reference) = destination {
            options.foreignLayers = configuration.foreignLayerRegistries.contains(reference.host)
        }
        return options
    }

    /// Opens the source, which for a registry may be one of its mirrors.
    private static func withSource(
        _ location: ImageLocation,
        _ registries: Registries,
        _ progress: TransferProgress,
        _ body: (any ImageSource) async throws -> CopyReport
    ) async throws -> CopyReport {
        guard case .registry(let reference) = location else {
            return try await body(location.openSource(client: registries.client(for:)))
        }
        return try await registries.pulling(reference, onFailure: progress.notePassedOver) { client in
            try await body(location.openSource { _ in client })
        }
    }
}
