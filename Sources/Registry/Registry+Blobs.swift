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
    /// - Returns: whether it could; when not, the client uploads the blob.
    /// - SeeAlso: OCI distribution-spec 1.1, "Mounting a blob from another repository".
    package func mount(
        _ digest: Digest,
        from source: RepositoryName,
        into repository: RepositoryName,
        as caller: Caller
    ) async throws -> Bool {
        try await metadata.mountBlob(digest, from: source, into: repository)
    }
}
