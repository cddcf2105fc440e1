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

    /// Fetches the manifest.
    func resolve(in berth: BerthCommand) async throws -> ResolvedManifest {
        let image = try await berth.remoteImage(name)
        guard let platform else { return try await image.resolve() }
        return try await image.resolve(for: Platform(platform)).manifest
    }

    /// What the manifest is: asked for where that is enough, else found by fetching it.
    func descriptor(in berth: BerthCommand) async throws -> Descriptor {
        if platform == nil {
            let reference = try ImageReference(name)
            let client = try await berth.client(for: reference.host)
            let known = try await client.manifestDescriptor(reference.manifestReference, in: reference.repository)
            if let known { return known }
        }
        return try await resolve(in: berth).descriptor
    }
}
