import ImageSpec
import RegistryClient

/// An image in a registry that several images of a plan go to.
struct MirrorDestination: ImageDestination {
    let image: RegistryImage
    let turns: BlobTurns

    var takesSeveralBlobs: Bool { true }

    func begin(_ root: ResolvedManifest) async throws -> Bool { try await image.begin(root) }

    func holds(_ manifest: Digest, as role: ManifestRole) async throws -> Bool {
        try await image.holds(manifest, as: role)
    }

    func put(
        _ blob: Descriptor,
        from source: any ImageSource,
        onBytes: @escaping @Sendable (Int64) -> Void
    ) async throws -> BlobPush {
        let home = await turns.begin(blob.digest)
        do {
            let push = try await image.put(blob, from: source, orMounting: home, onBytes: onBytes)
            await turns.end(blob.digest, in: image.repository)
            return push
        } catch {
            await turns.end(blob.digest, in: nil)
            throw error
        }
    }

    func put(_ manifest: ResolvedManifest, as role: ManifestRole) async throws {
        try await image.put(manifest, as: role)
    }

    func finish() {}
}
