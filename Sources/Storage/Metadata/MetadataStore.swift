import ImageSpec

/// Everything the registry knows besides blobs' bytes: repositories, which blobs they may serve, manifests, tags and
/// upload sessions.
///
/// Every change is durable when its method returns, and happens wholly or not at all.
package protocol MetadataStore: CacheMetadata, AccessMetadata, QuotaMetadata, AuditMetadata {
    /// The blob `digest`, if `repository` may serve it.
    func blob(_ digest: Digest, in repository: RepositoryName) async throws -> StoredBlob?

    /// Makes `blob` known and lets `repository` serve it, and ends `upload`; makes the repository when it is new.
    ///
    /// - Returns: the blob as the registry has it: when its bytes were stored before, at their old location.
    /// - Throws: ``QuotaExceeded``; then nothing was changed.
    func addBlob(_ blob: StoredBlob, to repository: RepositoryName, ending upload: UploadID?) async throws -> StoredBlob

    /// Says that a blob's bytes are at another location now, if they are known to be at `old`.
    ///
    /// - Returns: whether they were.
    func moveBlob(_ digest: Digest, from old: BlobLocation, to new: BlobLocation) async throws -> Bool

    /// Lets `repository` serve the blob that `source` may serve; makes the repository when it is new.
    ///
    /// - Parameters:
    ///   - source: nil for any repository that is no cache of another registry.
    ///   - allowed: whether a repository may be such a source; is called for some that have the blob.
    /// - Returns: whether `source` has it.
    /// - Throws: ``QuotaExceeded``; then nothing was changed.
    func mountBlob(
        _ digest: Digest,
        from source: RepositoryName?,
        into repository: RepositoryName,
        on terms: ChangeTerms,
        if allowed: @escaping @Sendable (RepositoryName) -> Bool
    ) async throws -> Bool

    /// Lets `repository` serve the blob no more, unless a manifest there names it. Its bytes stay.
    func removeBlob(
        _ digest: Digest,
        from repository: RepositoryName,
        on terms: ChangeTerms
    ) async throws -> BlobRemoval

    /// The manifest that `reference` names in `repository`.
    func manifest(_ reference: ManifestReference, in repository: RepositoryName) async throws -> StoredManifest?

    /// Adds a manifest, and points `tags` to it, when all that it must find is in `repository`.
    ///
    /// - Returns: what it needs and the repository doesn't have; when there is any, nothing was changed.
    /// - Throws: ``ManifestConditionFailed``, ``TagImmutable``, ``QuotaExceeded``; then nothing was changed.
    func addManifest(
        _ manifest: NewManifest,
        taggedAs tags: [Tag],
        to repository: RepositoryName,
        on terms: ChangeTerms
    ) async throws -> [Digest]

    /// Removes a manifest and the tags that point to it.
    ///
    /// What an immutable tag stands for stays whole: neither its manifest goes nor a child of that.
    ///
    /// - Returns: whether it was there.
    /// - Throws: ``ManifestConditionFailed``, ``TagImmutable``; then nothing was changed.
    func removeManifest(_ digest: Digest, from repository: RepositoryName, on terms: ChangeTerms) async throws -> Bool

    /// Removes a tag; the manifest stays.
    ///
    /// - Returns: whether it was there.
    /// - Throws: ``ManifestConditionFailed``, ``TagImmutable``; then nothing was changed.
    func removeTag(_ tag: Tag, from repository: RepositoryName, on terms: ChangeTerms) async throws -> Bool

    /// The repositories that hold a manifest, in the order of their names' bytes, at most `limit` of those behind
    /// `last`.
    func repositories(after last: RepositoryName?, limit: Int) async throws -> [RepositoryName]

    /// The repository's tags in the order of their bytes, at most `limit` of those behind `last`.
    ///
    /// - Returns: nil when there is no such repository.
    func tags(in repository: RepositoryName, after last: Tag?, limit: Int) async throws -> [Tag]?

    /// The manifests in `repository` whose subject is `subject`, in the order of their digests.
    ///
    /// - Parameters:
    ///   - artifactType: nil for any.
    ///   - last: those behind this digest only.
    ///   - byteLimit: no more of them than together have this many bytes, but one at least.
    /// - Returns: the manifests, and whether more follow.
    func referrers(
        to subject: Digest,
        in repository: RepositoryName,
        artifactType: MediaType?,
        after last: Digest?,
        byteLimit: Int
    ) async throws -> (manifests: [StoredManifest], hasMore: Bool)

    /// How many blobs are stored, and their bytes together; found without looking at each.
    func totals() async throws -> StoredTotals

    func addUpload(_ session: UploadSession) async throws
    /// Whether there is such a session, in whatever repository.
    func hasUpload(_ id: UploadID) async throws -> Bool
    func upload(_ id: UploadID, in repository: RepositoryName) async throws -> UploadSession?
    /// Saves the session's offset and hash; no error when it has ended meanwhile.
    func saveUpload(_ session: UploadSession) async throws
    /// Ends a session without a blob; no error when there is none.
    func removeUpload(_ id: UploadID) async throws

    /// The sessions that nothing has come for in `time`, the longest idle first: at most `limit` of those behind `last`.
    func uploads(idleFor time: Duration, after last: UploadEntry?, limit: Int) async throws -> [UploadEntry]

    /// Where the bytes of those of `digests` are that are known blobs.
    func locations(of digests: [Digest]) async throws -> [Digest: BlobLocation]

    /// A page of all blobs, in the order of their digests: the first `limit` behind `last`.
    func blobs(after last: Digest?, limit: Int) async throws -> [StoredBlob]

    /// A page of the manifests in `repository`, in the order of their digests: those behind `last`.
    ///
    /// - Parameter byteLimit: no more of them than together have this many bytes, but one when there is one.
    func manifests(in repository: RepositoryName, after last: Digest?, byteLimit: Int) async throws -> [ManifestEntry]

    /// What is wrong with the store itself, a line each: it reads all of its tables and indexes.
    func inconsistencies() async throws -> [String]
}

extension MetadataStore {
    /// Lets `repository` serve what any `source` serves.
    package func mountBlob(
        _ digest: Digest,
        from source: RepositoryName?,
        into repository: RepositoryName,
        on terms: ChangeTerms = .none
    ) async throws -> Bool {
        try await mountBlob(digest, from: source, into: repository, on: terms) { _ in true }
    }

    /// Adds a manifest whatever was there before.
    package func addManifest(
        _ manifest: NewManifest,
        taggedAs tag: Tag?,
        to repository: RepositoryName
    ) async throws -> [Digest] {
        try await addManifest(manifest, taggedAs: tag.map { [$0] } ?? [], to: repository, on: .none)
    }

    /// Removes a manifest whatever was there before.
    package func removeManifest(_ digest: Digest, from repository: RepositoryName) async throws -> Bool {
        try await removeManifest(digest, from: repository, on: .none)
    }

    /// Removes a tag whatever it points to.
    package func removeTag(_ tag: Tag, from repository: RepositoryName) async throws -> Bool {
        try await removeTag(tag, from: repository, on: .none)
    }

    /// Takes a blob from a repository on no terms.
    package func removeBlob(_ digest: Digest, from repository: RepositoryName) async throws -> BlobRemoval {
        try await removeBlob(digest, from: repository, on: .none)
    }
}
