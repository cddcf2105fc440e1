import ImageSpec

/// What is there of a blob that was being fetched.
package struct StoredDownload: Sendable {
    package let digest: Digest
    /// How much of the disk its bytes take.
    package let byteCount: Int64
    /// What was kept beside them; nil when nothing was.
    package let progress: [UInt8]?
}
