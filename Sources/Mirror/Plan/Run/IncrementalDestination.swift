import ImageSpec
import RegistryClient

/// A layout or archive that leaves out the blobs that earlier ones have.
struct IncrementalDestination: ImageDestination {
    let base: any ImageDestination
    let earlier: [any LayoutFiles]

    var takesSeveralBlobs: Bool { base.takesSeveralBlobs }

    func begin(_ root: ResolvedManifest) async throws -> Bool { try await base.begin(root) }

    func holds(_ manifest: Digest, as role: ManifestRole) async throws -> Bool {
        try await base.holds(manifest, as: role)
    }

    func put(
        _ blob: Descriptor,
        from source: any ImageSource,
        onBytes: @escaping @Sendable (Int64) -> Void
    ) async throws -> BlobPush {
        for files in earlier where try files.file(LayoutNames.blob(blob.digest)) != nil { return .alreadyThere }
        return try await base.put(blob, from: source, onBytes: onBytes)
    }

    func put(_ manifest: ResolvedManifest, as role: ManifestRole) async throws {
        try await base.put(manifest, as: role)
    }

    func finish() async throws { try await base.finish() }
}
