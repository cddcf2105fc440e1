import ImageSpec
import Storage

extension Registry {
    /// The manifest that `reference` names in `repository`.
    ///
    /// - Throws: ``RegistryError/manifestUnknown(_:)``.
    /// - SeeAlso: OCI distribution-spec 1.1, "Pulling manifests".
    package func manifest(
        _ reference: ManifestReference,
        in repository: RepositoryName,
        as caller: Caller
    ) async throws -> StoredManifest {
        let manifest = try await manifestCache.manifest(reference, in: repository) {
            try await metadata.manifest(reference, in: repository)
        }
        guard let manifest else { throw RegistryError.manifestUnknown(reference) }
        return manifest
    }

    /// Accepts a manifest, under a tag or under its digest alone, when all that it names is in `repository`.
    ///
    /// - Parameter contentType: what the client says the bytes are.
    /// - Returns: the manifest's digest, and the digest of its subject, when it has one.
    /// - Throws: ``RegistryError``: too large, invalid, another digest than stated, or naming what isn't there.
    /// - SeeAlso: OCI distribution-spec 1.1, "Pushing Manifests".
    package func putManifest(
        _ bytes: [UInt8],
        contentType: MediaType?,
        at reference: ManifestReference,
        in repository: RepositoryName,
        as caller: Caller
    ) async throws -> (digest: Digest, subject: Digest?) {
        guard bytes.count <= configuration.maximumManifestSize else {
            throw RegistryError.manifestTooLarge(limit: configuration.maximumManifestSize)
        }
        let manifest: Manifest
        do {
            manifest = try Manifest(parsing: bytes, contentType: contentType)
        } catch {
            throw RegistryError.manifestInvalid(reason: error.description)
        }
        let (digest, tag) = try name(of: manifest, at: reference)
        // Also when it fails: the change may have happened all the same.
        defer { manifestCache.forget(repository) }
        let missing = try await metadata.addManifest(
            NewManifest(manifest, digest: digest),
            taggedAs: tag,
            to: repository
        )
        guard missing.isEmpty else { throw RegistryError.manifestReferencesUnknown(missing) }
        return (digest, manifest.subject?.digest)
    }

    /// Deletes a manifest with its tags, or one tag alone.
    ///
    /// - Throws: ``RegistryError/manifestUnknown(_:)``.
    /// - SeeAlso: OCI distribution-spec 1.1, "Deleting tags", "Deleting Manifests".
    package func deleteManifest(
        _ reference: ManifestReference,
        from repository: RepositoryName,
        as caller: Caller
    ) async throws {
        defer { manifestCache.forget(repository) }
        let wasThere =
            switch reference {
            case .tag(let tag): try await metadata.removeTag(tag, from: repository)
            case .digest(let digest): try await metadata.removeManifest(digest, from: repository)
            }
        guard wasThere else { throw RegistryError.manifestUnknown(reference) }
    }

    /// A page of the repository's tags.
    ///
    /// - Parameters:
    ///   - last: the tag behind which the page begins.
    ///   - count: how long the page may be; the configured maximum bounds it.
    /// - Returns: the tags in the order of their bytes, and whether more follow.
    /// - Throws: ``RegistryError/repositoryUnknown(_:)``.
    /// - SeeAlso: OCI distribution-spec 1.1, "Listing Tags".
    package func tags(
        in repository: RepositoryName,
        after last: Tag?,
        count: Int?,
        as caller: Caller
    ) async throws -> (tags: [Tag], hasMore: Bool) {
        let count = min(count ?? .max, configuration.maximumPageLength)
        guard let tags = try await metadata.tags(in: repository, after: last, limit: count + 1) else {
            throw RegistryError.repositoryUnknown(repository)
        }
        return (Array(tags.prefix(count)), tags.count > count)
    }

    private func name(of manifest: Manifest, at reference: ManifestReference) throws -> (Digest, Tag?) {
        switch reference {
        case .tag(let tag):
            return (manifest.digest(), tag)
        case .digest(let stated):
            let computed = manifest.digest(by: stated.algorithm)
            guard computed == stated else { throw RegistryError.digestMismatch(stated: stated, computed: computed) }
            return (computed, nil)
        }
    }
}
