import Access
import ImageSpec
import Storage

extension Registry {
    /// The manifest that `reference` names in `repository`.
    ///
    /// - Parameter isPull: whether the client is going to fetch what the manifest names: of a cached repository that is
    ///   fetched before it is asked for.
    /// - Throws: ``RegistryError/manifestUnknown(_:)``; ``RegistryError/upstreamFailed(_:)`` of a cached repository.
    /// - SeeAlso: OCI distribution-spec 1.1, "Pulling manifests".
    package func manifest(
        _ reference: ManifestReference,
        in repository: RepositoryName,
        isPull: Bool = false,
        as caller: Caller
    ) async throws -> Served<StoredManifest> {
        let repository = try readable(repository, as: caller)
        if let cached = try await cachedRepository(repository, for: .manifest(reference), as: caller) {
            let manifest =
                switch reference {
                case .tag(let tag): try await cached.manifest(tag, cache: manifestCache)
                case .digest(let digest): Served(try await cached.manifest(digest, cache: manifestCache))
                }
            cached.noteUse(of: manifest.value.digest)
            if isPull {
                notePull(reference, manifest.value.digest, in: repository, as: caller)
                cached.upstreams.prefetches.begin(manifest.value, for: cached, logger: caller.logger)
            }
            return manifest
        }
        let manifest = try await manifestCache.manifest(reference, in: repository) {
            try await metadata.manifest(reference, in: repository)
        }
        guard let manifest else { throw RegistryError.manifestUnknown(reference) }
        if isPull { notePull(reference, manifest.digest, in: repository, as: caller) }
        return Served(manifest)
    }

    private func notePull(
        _ reference: ManifestReference,
        _ digest: Digest,
        in repository: RepositoryName,
        as caller: Caller
    ) {
        let tag = if case .tag(let tag) = reference { tag.rawValue } else { String?.none }
        audit.notePull(caller.auditEntry(.pull, repository: repository, reference: tag, digest: digest))
    }

    /// The image of `index` for those that know no indexes: docker's registry gives them the one for linux/amd64.
    ///
    /// - Returns: nil when the index has none, or it isn't here.
    package func defaultImage(
        of index: StoredManifest,
        in repository: RepositoryName,
        isPull: Bool = false,
        as caller: Caller
    ) async throws -> StoredManifest? {
        guard
            case .index(let fields)? = try? Manifest(parsing: index.bytes, contentType: index.mediaType).content,
            let child = fields.manifest(for: .linuxAMD64)
        else { return nil }
        do {
            return try await manifest(.digest(child.digest), in: repository, isPull: isPull, as: caller).value
        } catch RegistryError.manifestUnknown {
            return nil
        }
    }

    /// Accepts a manifest, under its digest and any tags, when all that it names is in `repository`.
    ///
    /// - Parameters:
    ///   - contentType: what the client says the bytes are.
    ///   - reference: the digest it should have, or the tag it is pushed to.
    ///   - tags: more tags for it.
    ///   - condition: what must stand at `reference` for the push to happen.
    /// - Returns: the manifest's digest, and the digest of its subject, when it has one.
    /// - Throws: ``RegistryError``: too large, invalid, another digest than stated, naming what isn't there, or a
    ///   condition that doesn't hold.
    /// - SeeAlso: OCI distribution-spec 1.1, "Pushing Manifests".
    package func putManifest(
        _ bytes: [UInt8],
        contentType: MediaType?,
        at reference: ManifestReference,
        alsoTagged tags: [Tag] = [],
        in repository: RepositoryName,
        if condition: ManifestCondition? = nil,
        as caller: Caller
    ) async throws -> (digest: Digest, subject: Digest?) {
        try await requirePush(to: repository, as: caller)
        try await checkWritable(repository)
        guard bytes.count <= configuration.maximumManifestSize else {
            throw RegistryError.manifestTooLarge(limit: configuration.maximumManifestSize)
        }
        guard tags.count <= configuration.maximumTagsPerPush else {
            throw RegistryError.tooManyTags(limit: configuration.maximumTagsPerPush)
        }
        let manifest = try parse(bytes, contentType: contentType)
        let (digest, tag) = try name(of: manifest, at: reference)
        let new = NewManifest(manifest, digest: digest, mayBeSparse: configuration.sparseManifests.include(manifest))
        guard new.references.count <= configuration.maximumReferencesPerManifest else {
            throw RegistryError.tooManyReferences(limit: configuration.maximumReferencesPerManifest)
        }
        try await freeSpace.claim(bytes.count)
        // Also when it fails: the change may have happened all the same.
        defer { manifestCache.forget(repository) }
        let terms = ChangeTerms(
            if: condition,
            keeping: access.policy.immutableTags(of: repository),
            audit: caller.auditEntry(.push, repository: repository)
        )
        let missing = try await conditionally {
            try await metadata.addManifest(
                new,
                taggedAs: (tag.map { [$0] } ?? []) + tags,
                to: repository,
                on: terms
            )
        }
        guard missing.isEmpty else { throw RegistryError.manifestReferencesUnknown(missing) }
        return (digest, manifest.subject?.digest)
    }

    /// Deletes a manifest with its tags, or one tag alone.
    ///
    /// - Parameter condition: what must stand at `reference` for that to happen.
    /// - Throws: ``RegistryError/manifestUnknown(_:)``, ``RegistryError/conditionFailed(current:)``.
    /// - SeeAlso: OCI distribution-spec 1.1, "Deleting tags", "Deleting Manifests".
    package func deleteManifest(
        _ reference: ManifestReference,
        from repository: RepositoryName,
        if condition: ManifestCondition? = nil,
        as caller: Caller
    ) async throws {
        try require(.delete, on: repository, as: caller)
        try await checkWritable(repository)
        defer { manifestCache.forget(repository) }
        let policy = access.policy
        let immutableTags =
            policy.isAdministrator(caller.identity) ? [] : policy.immutableTags(of: repository)
        let action = if case .tag = reference { AuditAction.deleteTag } else { AuditAction.deleteManifest }
        let terms = ChangeTerms(
            if: condition,
            keeping: immutableTags,
            audit: caller.auditEntry(action, repository: repository)
        )
        let wasThere = try await conditionally {
            switch reference {
            case .tag(let tag):
                try await metadata.removeTag(tag, from: repository, on: terms)
            case .digest(let digest):
                try await metadata.removeManifest(digest, from: repository, on: terms)
            }
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
    ) async throws -> Served<(tags: [Tag], hasMore: Bool)> {
        let count = min(count ?? .max, configuration.maximumPageLength)
        let readable = try readable(repository, as: caller)
        if let cached = try await cachedRepository(readable, for: .repository, as: caller) {
            let all = try await cached.tags()
            let rest = last.map { last in
                all.value.drop { !last.rawValue.utf8.lexicographicallyPrecedes($0.rawValue.utf8) }
            }
            let page = rest ?? all.value[...]
            return Served((Array(page.prefix(count)), page.count > count), staleness: all.staleness)
        }
        guard let tags = try await metadata.tags(in: readable, after: last, limit: count + 1) else {
            throw RegistryError.repositoryUnknown(repository)
        }
        return Served((Array(tags.prefix(count)), tags.count > count))
    }

    private func parse(_ bytes: [UInt8], contentType: MediaType?) throws(RegistryError) -> Manifest {
        guard contentType?.isDockerSchema1 != true else { throw .manifestObsolete }
        do {
            return try Manifest(parsing: bytes, contentType: contentType)
        } catch .obsoleteManifest {
            throw .manifestObsolete
        } catch {
            throw .manifestInvalid(reason: error.description)
        }
    }

    private func conditionally<Result>(_ change: () async throws -> Result) async throws -> Result {
        do {
            return try await change()
        } catch let error as ManifestConditionFailed {
            throw RegistryError.conditionFailed(current: error.current)
        } catch let error as TagImmutable {
            throw RegistryError.tagImmutable(error)
        } catch let error as QuotaExceeded {
            throw RegistryError.quotaExceeded(error)
        }
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
