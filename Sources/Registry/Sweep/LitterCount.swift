/// What a sweep dropped.
package struct LitterCount: Sendable, Hashable {
    /// Stored bytes that no blob's row pointed to.
    package var blobs = 0
    /// Bytes of uploads without a session.
    package var uploads = 0
    /// Sessions whose bytes were gone.
    package var sessions = 0
    /// Of all that was dropped.
    package var byteCount: Int64 = 0

    package var isEmpty: Bool { blobs + uploads + sessions == 0 }
}
