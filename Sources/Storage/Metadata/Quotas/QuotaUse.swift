import Access

/// Limits, and how much of them is used.
package struct QuotaUse: Sendable, Hashable {
    package let quota: Quota
    /// Of blobs, each counted once in the namespace.
    package let bytes: Int64
    /// That hold something.
    package let repositories: Int

    package init(quota: Quota, bytes: Int64, repositories: Int) {
        self.quota = quota
        self.bytes = bytes
        self.repositories = repositories
    }
}
