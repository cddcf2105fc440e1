/// What is stored, all together.
package struct StoredTotals: Sendable, Equatable {
    package let blobs: Int
    /// Of blobs; each counted once, however many repositories serve it.
    package let bytes: Int64
}
