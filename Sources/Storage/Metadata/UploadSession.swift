import ImageSpec

/// An upload on its way: how far it is, and the hash so far.
package struct UploadSession: Sendable {
    package let id: UploadID
    package let repository: RepositoryName
    /// How many bytes are received and safe.
    package var offset: Int64
    /// The hash of the bytes up to `offset`.
    package var hasher: DigestHasher

    package init(id: UploadID, repository: RepositoryName, offset: Int64 = 0, hasher: DigestHasher) {
        self.id = id
        self.repository = repository
        self.offset = offset
        self.hasher = hasher
    }
}
