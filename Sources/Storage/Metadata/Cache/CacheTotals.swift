/// What only caches hold.
package struct CacheTotals: Sendable, Equatable {
    package let blobs: Int
    /// In bytes, of the blobs.
    package let blobBytes: Int64
    package let manifests: Int
    /// In bytes, of the manifests.
    package let manifestBytes: Int64

    package var bytes: Int64 { blobBytes + manifestBytes }

    package init(blobs: Int, blobBytes: Int64, manifests: Int, manifestBytes: Int64) {
        self.blobs = blobs
        self.blobBytes = blobBytes
        self.manifests = manifests
        self.manifestBytes = manifestBytes
    }
}
