import ImageSpec
import NIOCore

/// Where blobs' bytes lie: a folder, or a bucket.
///
/// A store knows nothing of repositories and decides nothing: whether bytes are a blob is for the metadata to say.
/// - SeeAlso: `docs/decisions/0001-blob-locations.md`.
package protocol BlobStore: Sendable {
    /// Opens the bytes of upload `id` to append at `offset`, making them when there are none at offset 0.
    ///
    /// Bytes behind `offset` were never acknowledged and are dropped.
    ///
    /// - Throws: ``StorageError/uploadTruncated(_:expected:found:)`` when fewer bytes than `offset` are there.
    func openUpload(_ id: UploadID, at offset: Int64) async throws -> any UploadAppender

    /// Turns the bytes of upload `id` into stored bytes named by `digest`, durable when this returns.
    ///
    /// The caller has proven that the bytes have this digest.
    ///
    /// - Returns: where they are now: a place that was never used before.
    func storeUpload(_ id: UploadID, as digest: Digest) async throws -> BlobLocation

    /// Computes the digest of all bytes of upload `id` with another algorithm than the one they were received with.
    func digestOfUpload(_ id: UploadID, by algorithm: DigestAlgorithm) async throws -> Digest

    /// Drops the bytes of upload `id`; no error when there are none.
    func discardUpload(_ id: UploadID) async throws

    /// Opens stored bytes for reading.
    func open(_ location: BlobLocation) async throws -> OpenBlob

    /// Drops stored bytes; no error when there are none.
    func remove(_ location: BlobLocation) async throws
}

/// Writes bytes to the end of one upload.
package protocol UploadAppender: Sendable {
    /// Writes `buffers` at the end. They are durable only after ``synchronize()``.
    func append(_ buffers: [ByteBuffer]) async throws

    /// Returns when all that was appended would survive a crash of the machine.
    func synchronize() async throws

    /// Lets go of the file.
    func close() async
}
