import ImageSpec
import Storage

/// A blob that can be read while it comes.
package struct ArrivingBlob: Sendable {
    let download: BlobDownload
    let partial: PartialBlob
    let round: Int

    /// In bytes, of the whole blob.
    package var size: Int64 { download.size }

    /// What is read, up to where ``readable(from:)`` says.
    package var file: OpenBlob { partial.file }

    /// Waits for bytes from `offset` on, which is less than ``size``.
    ///
    /// - Returns: where those end that are here: what is before may be handed on. The blob's last byte is among them only
    ///   once the digest of all is proven.
    /// - Throws: why no more come: then what was handed on is not the blob.
    package func readable(from offset: Int64) async throws -> Int64 {
        try await download.readable(from: offset, round: round)
    }
}
