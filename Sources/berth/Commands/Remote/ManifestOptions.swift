import ArgumentParser
import ImageSpec
import Mirror
import RegistryClient

/// Which manifest in a registry is meant.
struct ManifestOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Of several platforms' images, the one for this.", valueName: "os/architecture[/variant]")
    )
    var platform: String?

    @Argument(help: ArgumentHelp("Which image.", valueName: "name[:tag|@digest]"))
    var name: String

    /// Fetches the manifest, from a mirror where there is one.
    func resolve(in berth: BerthCommand) async throws -> ResolvedManifest {
        try await pulling(in: berth) { try await resolve($0) }
    }

    /// What the manifest is: asked for where that is enough, else found by fetching it.
    func descriptor(in berth: BerthCommand) async throws -> Descriptor {
        try await pulling(in: berth) { image in
            if platform == nil, let known = try await image.describe() { return known }
            return try await resolve(image).descriptor
        }
    }

    private func resolve(_ image: RegistryImage) async throws -> ResolvedManifest {
        guard let platform else { return try await image.resolve() }
        return try await image.resolve(for: Platform(platform)).manifest
    }

    private func pulling<Value>(
        in berth: BerthCommand,
        _ body: (RegistryImage) async throws -> Value
    ) async throws -> Value {
        let reference = try berth.reference(name)
        let progress = TransferProgress(.plain, isQuiet: false)
        return try await berth.registries().pulling(reference, onFailure: progress.notePassedOver) { client in
            try await body(RegistryImage(reference, client: client))
        }
    }
}
