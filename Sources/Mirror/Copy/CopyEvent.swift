import ImageSpec
import RegistryClient

/// What happens while an image is copied.
package enum CopyEvent: Sendable {
    /// Of the index with this digest, only the manifest for a platform is copied.
    case chose(Platform, of: Digest)
    case blob(Descriptor, BlobPush)
    case manifest(Descriptor)
}
