import ImageSpec

/// An upload session as a metadata store lists it.
package struct UploadEntry: Sendable, Hashable {
    package let id: UploadID
    package let repository: RepositoryName
    /// How many bytes are received and safe.
    package let offset: Int64
    /// When it was begun or last went on, in seconds since 1970 by the store's clock.
    package let updatedAt: Int64

    package init(id: UploadID, repository: RepositoryName, offset: Int64, updatedAt: Int64) {
        self.id = id
        self.repository = repository
        self.offset = offset
        self.updatedAt = updatedAt
    }
}
