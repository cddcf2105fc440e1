import ImageSpec
import RegistryClient

/// What happens while an image is copied.
package enum CopyEvent: Sendable {
    /// Of the index with this digest, only the manifest for a platform is copied.
    case chose(Platform, of: Digest)
    /// So many of a blob's bytes are at the destination.
    case copying(Descriptor, bytes: Int64)
    case blob(Descriptor, BlobPush)
    /// A foreign layer, which stays where its own addresses lead.
    case skipped(Descriptor)
    case manifest(Descriptor)
}
