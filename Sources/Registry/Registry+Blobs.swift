import ImageSpec
import Storage

extension Registry {
    /// How many bytes the blob `digest` has, as `repository` serves it.
    ///
    /// - Throws: ``RegistryError/blobUnknown(_:)``; ``RegistryError/upstreamFailed(_:)`` of a cached repository.
    /// - SeeAlso: OCI distribution-spec 1.1, "Checking if content exists in the registry".
    package func blobSize(_ digest: Digest, in repository: RepositoryName, as caller: Caller) async throws -> Int64 {
        let repository = try readable(repository, as: caller)
        if let cached = try await cachedRepository(repository, for: .blob(digest), as: caller) {
            return try await cached.size(of: digest)
        }
        return try await blob(digest, in: repository).size
    }

    /// Opens the blob's bytes; those of a cached repository may be on their way still.
    ///
    /// - Throws: ``RegistryError/blobUnknown(_:)``; ``RegistryError/upstreamFailed(_:)`` of a cached repository;
    ///   ``StorageError`` when its bytes can't be read.
    /// - SeeAlso: OCI distribution-spec 1.1, "Pulling blobs".
    package func openBlob(
        _ digest: Digest,
        in repository: RepositoryName,
        as caller: Caller
    ) async throws -> BlobContent {
        let repository = try readable(repository, as: caller)
        if let cached = try await cachedRepository(repository, for: .blob(digest), as: caller) {
            let content = try await cached.openBlob(digest, blobs, logger: caller.logger)
            audit.notePull(caller.auditEntry(.pull, repository: repository, digest: digest))
            return content
        }
        let blob = try await blob(digest, in: repository)
        let content = try await blobs.open(blob.location)
        guard content.size == blob.size else {
            throw StorageError.bytesLost(
                path: blob.location.rawValue,
                reason: "it has \(content.size) bytes, not \(blob.size)"
            )
        }
        audit.notePull(caller.auditEntry(.pull, repository: repository, digest: digest))
        return BlobContent(.stored(content))
    }

    private func blob(_ digest: Digest, in repository: RepositoryName) async throws -> StoredBlob {
        guard let blob = try await metadata.blob(digest, in: repository) else {
            throw RegistryError.blobUnknown(digest)
        }
        return blob
    }

    /// Lets `repository` serve a blob that `source` serves, without its bytes being sent again.
    ///
    /// - Parameter source: nil for any repository that the caller may read.
    /// - Returns: whether it could; when not, the client uploads the blob. A source that the caller may not read has
    ///   nothing to mount.
    /// - SeeAlso: OCI distribution-spec 1.1, "Mounting a blob from another repository".
    package func mount(
        _ digest: Digest,
        from source: RepositoryName?,
        into repository: RepositoryName,
        as caller: Caller
    ) async throws -> Bool {
        try await requirePush(to: repository, as: caller)
        try await checkWritable(repository)
        // Who may not read it may not have it by another name.
        if let source, mayRead(source, as: caller) {
            _ = try await cachedRepository(source, for: .blob(digest), as: caller)
        }
        let policy = access.policy
        let terms = ChangeTerms(audit: caller.auditEntry(.mount, repository: repository))
        do {
            return try await metadata.mountBlob(digest, from: source, into: repository, on: terms) { source in
                policy.actions(of: caller.identity, on: source).contains(.pull)
            }
        } catch let error as QuotaExceeded {
            throw RegistryError.quotaExceeded(error)
        }
    }

    /// Lets `repository` serve the blob no more; other repositories that have it keep it.
    ///
    /// A blob that a manifest there names stays: an image must not lose a layer and still look whole.
    ///
    /// - Throws: ``RegistryError/blobUnknown(_:)``, ``RegistryError/blobNeeded(_:by:)``.
    /// - SeeAlso: OCI distribution-spec 1.1, "Deleting Blobs".
    package func deleteBlob(_ digest: Digest, from repository: RepositoryName, as caller: Caller) async throws {
        try require(.delete, on: repository, as: caller)
        try await checkWritable(repository)
        let terms = ChangeTerms(audit: caller.auditEntry(.deleteBlob, repository: repository))
        switch try await metadata.removeBlob(digest, from: repository, on: terms) {
        case .removed: return
        case .unknown: throw RegistryError.blobUnknown(digest)
        case .needed(let manifests): throw RegistryError.blobNeeded(digest, by: manifests)
        }
    }
}
