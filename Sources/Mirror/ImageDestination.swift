import ImageSpec
import RegistryClient

/// A place that an image is copied to.
package protocol ImageDestination: Sendable {
    /// How many blobs it takes at once.
    var concurrentBlobs: Int { get }

    /// Gets ready for the image with this manifest.
    ///
    /// - Returns: whether the place's name stands for that manifest already.
    /// - Throws: when the place can't be this image's.
    func begin(_ root: ResolvedManifest) async throws -> Bool

    /// Whether a manifest is there as what it is to be, and with it all that it names.
    func holds(_ manifest: Digest, as role: ManifestRole) async throws -> Bool

    /// Sees to it that a blob is there.
    func put(_ blob: Descriptor, from source: any ImageSource) async throws -> BlobPush

    /// Stores a manifest, byte for byte; what it names is there.
    func put(_ manifest: ResolvedManifest, as role: ManifestRole) async throws

    /// Makes what was put there visible and durable, where that isn't so yet.
    func finish() async throws
}
