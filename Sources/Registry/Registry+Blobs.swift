import ImageSpec
import Storage

extension Registry {
    /// The blob `digest` as `repository` serves it.
    ///
    /// - Throws: ``RegistryError/blobUnknown(_:)``.
    /// - SeeAlso: OCI distribution-spec 1.1, "Checking if content exists in the registry".
    package func blob(_ digest: Digest, in repository: RepositoryName, as caller: Caller) async throws -> StoredBlob {
        guard let blob = try await metadata.blob(digest, in: repository) else {
            throw RegistryError.blobUnknown(digest)
        }
        return blob
    }

    /// Opens the blob's bytes.
    ///
    /// - Throws: ``RegistryError/blobUnknown(_:)``; ``StorageError`` when its bytes can't be read.
    /// - SeeAlso: OCI distribution-spec 1.1, "Pulling blobs".
    package func openBlob(_ digest: Digest, in repository: RepositoryName, as caller: Caller) async throws -> OpenBlob {
        let blob = try await blob(digest, in: repository, as: caller)
        let content = try await blobs.open(blob.location)
        guard content.size == blob.size else {
            throw StorageError.bytesLost(
                path: blob.location.rawValue,
                reason: "it has \(content.size) bytes, not \(blob.size)"
            )
        }
        return content
    }

    /// Lets `repository` serve a blob that `source` serves, without its bytes being sent again.
    ///
    /// - Parameter source: nil for any repository that the caller may read, which today is all of them.
    /// - Returns: whether it could; when not, the client uploads the blob.
    /// - SeeAlso: OCI distribution-spec 1.1, "Mounting a blob from another repository".
    package func mount(
        _ digest: Digest,
        from source: RepositoryName?,
        into repository: RepositoryName,
        as caller: Caller
    ) async throws -> Bool {
        try checkNew(repository)
        return try await metadata.mountBlob(digest, from: source, into: repository)
    }

    /// Lets `repository` serve the blob no more; other repositories that have it keep it.
    ///
    /// A blob that a manifest there names stays: an image must not lose a layer and still look whole.
    ///
    /// - Throws: ``RegistryError/blobUnknown(_:)``, ``RegistryError/blobNeeded(_:by:)``.
    /// - SeeAlso: OCI distribution-spec 1.1, "Deleting Blobs".
    package func deleteBlob(_ digest: Digest, from repository: RepositoryName, as caller: Caller) async throws {
        switch try await metadata.removeBlob(digest, from: repository) {
        case .removed: return
        case .unknown: throw RegistryError.blobUnknown(digest)
        case .needed(let manifests): throw RegistryError.blobNeeded(digest, by: manifests)
        }
    }
}
