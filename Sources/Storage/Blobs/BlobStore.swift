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

    /// Turns stored bytes that nobody came to know of back into those of upload `id`, so that it can go on.
    ///
    /// A store that can't drops them.
    func returnToUpload(_ id: UploadID, from location: BlobLocation) async throws

    /// Computes the digest of all bytes of upload `id` with another algorithm than the one they were received with.
    func digestOfUpload(_ id: UploadID, by algorithm: DigestAlgorithm) async throws -> Digest

    /// Drops the bytes of upload `id`; no error when there are none.
    func discardUpload(_ id: UploadID) async throws

    /// Opens stored bytes for reading.
    func open(_ location: BlobLocation) async throws -> OpenBlob

    /// Drops stored bytes; no error when there are none.
    func remove(_ location: BlobLocation) async throws

    /// How many stored bytes are at `location`; nil when there are none.
    func size(of location: BlobLocation) async throws -> Int64?

    /// Reads all stored bytes at `location` and computes their digest.
    func digest(of location: BlobLocation, by algorithm: DigestAlgorithm) async throws -> Digest

    /// A page of all that is stored, in the order of the locations' bytes: the first `limit` behind `last`.
    ///
    /// Only the sweep and the check list it; no request does.
    func storedBytes(after last: BlobLocation?, limit: Int) async throws -> [StoredBytes]

    /// How many bytes of upload `id` are there; nil when there are none, which is also so before the first came.
    func size(ofUpload id: UploadID) async throws -> Int64?

    /// A page of the uploads of which bytes are there, in the order of their names: the first `limit` behind `last`.
    func uploadBytes(after last: UploadID?, limit: Int) async throws -> [UploadBytes]

    /// Opens the bytes of a blob that is being fetched from elsewhere, making them when there are none.
    ///
    /// They are on this machine's disk wherever blobs are stored.
    func openDownload(_ digest: Digest, size: Int64) async throws -> PartialBlob

    /// Turns the bytes of a download into stored bytes, durable when this returns.
    ///
    /// The caller has proven that all are there and have the digest.
    ///
    /// - Returns: where they are now: a place that was never used before.
    func storeDownload(_ partial: PartialBlob) async throws -> BlobLocation

    /// Drops the bytes of a download and what was kept beside them; no error when there are none.
    func discardDownload(_ digest: Digest) async throws

    /// All downloads of which bytes are there: of those under way, and of those that broke off.
    func downloads() async throws -> [StoredDownload]

    /// How much room is left; nil when the store knows no bound.
    func space() async throws -> StorageSpace?

    /// Proves that new bytes can be made durable, by a few of them.
    func checkWriting() async throws
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
