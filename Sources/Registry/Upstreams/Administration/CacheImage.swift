/// A tag of a cached repository, as operators see it.
package struct CacheImage: Sendable, Codable {
    package let repository: String
    package let tag: String
    package let digest: String
    /// When the upstream was asked for it last, in seconds since 1970.
    package let checkedAt: Int64
    /// In bytes, of those of its blobs that are here.
    package let size: Int64
    /// Whether a pin keeps it.
    package let isPinned: Bool
}

/// What became of an order to evict.
package struct CacheEviction: Sendable, Codable {
    package var tags = 0
    package var blobs = 0
    /// In bytes, of the blobs.
    package var bytes: Int64 = 0
}
