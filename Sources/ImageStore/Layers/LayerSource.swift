import SystemPackage

/// Where a layer's blob is read from.
enum LayerSource: Sendable {
    case file(FilePath)
    /// From whoever is fetching it; `size` is the whole blob's, in bytes.
    case feed(BlobFeed, size: Int64)
}
