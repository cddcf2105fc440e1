/// What a blob store holds of an upload.
package struct UploadBytes: Sendable, Hashable {
    package let id: UploadID
    /// In bytes.
    package let size: Int64

    package init(id: UploadID, size: Int64) {
        self.id = id
        self.size = size
    }
}
