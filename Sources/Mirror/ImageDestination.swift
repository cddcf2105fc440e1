import ImageSpec
import RegistryClient

/// A place that an image is copied to.
package protocol ImageDestination: Sendable {
    /// Whether it takes several blobs at once.
    var takesSeveralBlobs: Bool { get }

    /// Gets ready for the image with this manifest.
    ///
    /// - Returns: whether the place's name stands for that manifest already.
    /// - Throws: when the place can't be this image's.
    func begin(_ root: ResolvedManifest) async throws -> Bool

    /// Whether a manifest is there as what it is to be, and with it all that it names.
    func holds(_ manifest: Digest, as role: ManifestRole) async throws -> Bool

    /// Sees to it that a blob is there.
    ///
    /// - Parameter onBytes: told from time to time how many of its bytes are.
    func put(
        _ blob: Descriptor,
        from source: any ImageSource,
        onBytes: @escaping @Sendable (Int64) -> Void
    ) async throws -> BlobPush

    /// Stores a manifest, byte for byte; what it names is there.
    func put(_ manifest: ResolvedManifest, as role: ManifestRole) async throws

    /// Makes what was put there visible and durable, where that isn't so yet.
    func finish() async throws
}
