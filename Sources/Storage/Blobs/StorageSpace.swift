/// How much room there is where blobs are stored, in bytes.
package struct StorageSpace: Sendable, Hashable {
    /// What this process may still write.
    package let free: Int64
    package let total: Int64

    package init(free: Int64, total: Int64) {
        self.free = free
        self.total = total
    }
}
