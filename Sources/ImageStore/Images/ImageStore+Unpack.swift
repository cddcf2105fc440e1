import ImageSpec
import SystemPackage
import UserNamespaces

extension ImageStore {
    /// How many layers are unpacked at once.
    private static let concurrentUnpackings = 4

    /// The image's layers as folders; those that aren't unpacked yet, are now.
    ///
    /// - Throws: as ``lease(_:)`` and ``LayerStore/unpack(blobAt:_:as:)``; ``ImageStoreError/missingBlob(_:)``.
    package func unpackedLayers(of image: LocalImage) async throws -> UnpackedLayers {
        // From here on nobody removes what this looks at.
        let lease = try lease(image)
        let layers = zip(image.content.layers, image.config.diffIDs).map { ($0.digest, $1) }
        try await layers.concurrentForEach(atMost: Self.concurrentUnpackings) { blob, diffID in
            try await unpack(blob, as: diffID)
        }
        return UnpackedLayers(
            folders: image.config.diffIDs.map(self.layers.directory),
            userMap: self.layers.userMap,
            lease: lease
        )
    }

    /// Unpacks one layer, unless it is there and known to be what the blob holds.
    func unpack(_ blob: Digest, as diffID: Digest) async throws {
        guard layout.contains(blob) else {
            // What is unpacked is enough to run it.
            guard !layers.contains(diffID) else { return }
            throw ImageStoreError.missingBlob(blob)
        }
        try await layers.unpack(blobAt: layout.path(of: blob), blob, as: diffID)
    }

    /// Unpacks one layer while its blob is fetched, unless it is there.
    ///
    /// - Returns: false when what came was not the blob, or another process fetches it.
    func unpack(_ feed: BlobFeed, of blob: Descriptor, as diffID: Digest) async throws -> Bool {
        try await layers.unpack(.feed(feed, size: blob.size), of: blob.digest, as: diffID)
    }
}

/// An image's layers as folders, which stay for as long as this does.
package struct UnpackedLayers: Sendable {
    /// From the lowest to the highest.
    package let folders: [FilePath]
    /// Whose their files are; nil for root's, or an ordinary caller's alone.
    package let userMap: UserMap?
    private let lease: ContentLease

    init(folders: [FilePath], userMap: UserMap?, lease: ContentLease) {
        self.folders = folders
        self.userMap = userMap
        self.lease = lease
    }
}
