import ImageSpec
import RegistryClient

/// What a copy did.
package struct CopyReport: Sendable, Equatable {
    package struct Count: Sendable, Equatable {
        package var copied = 0
        /// The destination had them.
        package var skipped = 0
    }

    /// Of the image, at both places now.
    package let digest: Digest
    /// Of the index that took the image's place, with only some platforms; nil when none did.
    package var excerpt: Digest?
    package var manifests = Count()
    /// A mounted blob counts as skipped: its bytes were not sent.
    package var blobs = Count()
    /// Sent to the destination.
    package var bytes: Int64 = 0

    init(digest: Digest) {
        self.digest = digest
    }

    mutating func add(_ blob: Descriptor, _ push: BlobPush) {
        switch push {
        case .alreadyThere, .mounted:
            blobs.skipped += 1
        case .uploaded:
            blobs.copied += 1
            bytes += blob.size
        }
    }
}
