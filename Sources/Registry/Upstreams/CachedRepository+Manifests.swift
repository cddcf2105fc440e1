import ImageSpec
import RegistryClient
import Storage

extension CachedRepository {
    /// The manifest with this digest: the kept one, or the upstream's, from whichever endpoint.
    ///
    /// - Throws: ``RegistryError``.
    func manifest(_ digest: Digest, cache: ManifestCache) async throws -> StoredManifest {
        if let kept = try await kept(.digest(digest), cache) {
            upstreams.counters.manifestHits.add()
            return kept
        }
        let key = CachedManifestName(repository: name, digest: digest)
        if upstreams.tags.isKnownToMiss(.digest(digest), in: name) {
            throw RegistryError.manifestUnknown(.digest(digest))
        }
        let fetched: StoredManifest??
        do {
            fetched = try await upstreams.manifests.value(for: key) {
                try await fetch(.digest(digest), trusted: false, cache: cache)
            }
        } catch {
            throw told(error)
        }
        guard let manifest = fetched ?? nil else {
            upstreams.tags.noteMissing(.digest(digest), in: name, for: upstream.configuration.notFoundTTL)
            throw RegistryError.manifestUnknown(.digest(digest))
        }
        return manifest
    }

    /// The manifest that the tag stands for, as far as the upstream is asked for it: see ``CachedTags``.
    ///
    /// - Throws: ``RegistryError``.
    func manifest(_ tag: Tag, cache: ManifestCache) async throws -> Served<StoredManifest> {
        let known = try await upstreams.tags.check(of: tag, in: name) { try await metadata.cachedTag(tag, in: name) }
        guard let known else { return Served(try await firstManifest(tag, cache: cache)) }
        if isFresh(known, tag), let kept = try await kept(.tag(tag), cache) {
            upstreams.counters.manifestHits.add()
            return Served(kept)
        }
        return try await revalidated(tag, known, cache: cache)
    }

    private func kept(_ reference: ManifestReference, _ cache: ManifestCache) async throws -> StoredManifest? {
        try await cache.manifest(reference, in: name) { try await metadata.manifest(reference, in: name) }
    }

    private func isFresh(_ known: CachedTag, _ tag: Tag) -> Bool {
        switch upstream.configuration.ttl(of: tag) {
        case .immutable: known.checkedAt > 0
        case .time(let ttl): Self.now - known.checkedAt < ttl.components.seconds
        }
    }

    /// A tag that isn't known here.
    private func firstManifest(_ tag: Tag, cache: ManifestCache) async throws -> StoredManifest {
        guard !upstreams.tags.isKnownToMiss(.tag(tag), in: name) else { throw RegistryError.manifestUnknown(.tag(tag)) }
        do {
            let outcome = try await upstreams.tags.value(of: tag, in: name) {
                upstreams.counters.revalidations.add()
                guard let manifest = try await fetch(.tag(tag), trusted: true, cache: cache) else {
                    upstreams.tags.noteMissing(.tag(tag), in: name, for: upstream.configuration.notFoundTTL)
                    return .missing
                }
                return .manifest(manifest)
            }
            guard case .manifest(let manifest)? = outcome else { throw RegistryError.manifestUnknown(.tag(tag)) }
            return manifest
        } catch {
            throw told(error)
        }
    }

    /// How long a client that could have what is known waits for what is current.
    private static let patience = Duration.seconds(3)

    /// A tag that was asked for too long ago: what it stands for now, or, when that can't be told, what it stood for.
    private func revalidated(_ tag: Tag, _ known: CachedTag, cache: ManifestCache) async throws -> Served<
        StoredManifest
    > {
        var reason = "no answer in time"
        if let failure = upstreams.tags.failure(of: tag, in: name) {
            return try await stale(tag, known, because: failure, cache: cache)
        }
        do {
            let outcome = try await upstreams.tags.value(of: tag, in: name, within: Self.patience) {
                try await revalidate(tag, known, cache: cache)
            }
            switch outcome {
            case .manifest(let manifest): return Served(manifest)
            case .missing: throw RegistryError.manifestUnknown(.tag(tag))
            case nil: break
            }
        } catch let failure as UpstreamFailure {
            reason = failure.description
            upstreams.tags.noteFailure(reason, of: tag, in: name)
        }
        return try await stale(tag, known, because: reason, cache: cache)
    }

    /// What the tag stood for, as long as that may be served.
    private func stale(
        _ tag: Tag,
        _ known: CachedTag,
        because reason: String,
        cache: ManifestCache
    ) async throws -> Served<StoredManifest> {
        let age = Self.now - known.checkedAt
        guard age < upstream.configuration.staleIfError.components.seconds, let kept = try await kept(.tag(tag), cache)
        else { throw told(UpstreamFailure(upstream: upstream.name, reason: reason)) }
        upstreams.counters.stale.add()
        return Served(kept, staleness: reason)
    }

    /// Asks the upstream what the tag stands for, and fetches that when it isn't here.
    private func revalidate(_ tag: Tag, _ known: CachedTag, cache: ManifestCache) async throws -> CachedTags.Outcome {
        upstreams.counters.revalidations.add()
        let presence = try await upstream.ask(trusted: true) { client in
            let presence = try await client.presence(of: .tag(tag), in: remote)
            return presence == .missing ? nil : presence
        }
        switch presence {
        case nil, .missing:
            return try await vanished(tag, known, cache: cache)
        case .present(let digest?):
            if digest == known.digest { upstreams.counters.unchanged.add() }
            if let manifest = try await kept(.digest(digest), cache) {
                try await note(tag, digest, cache: cache)
                return .manifest(manifest)
            }
            guard let manifest = try await fetch(.digest(digest), trusted: false, cache: cache) else { fallthrough }
            try await note(tag, digest, cache: cache)
            return .manifest(manifest)
        case .present(nil):
            guard let manifest = try await fetch(.tag(tag), trusted: true, cache: cache) else {
                return try await vanished(tag, known, cache: cache)
            }
            return .manifest(manifest)
        }
    }

    /// The upstream has the tag no more.
    private func vanished(_ tag: Tag, _ known: CachedTag, cache: ManifestCache) async throws -> CachedTags.Outcome {
        switch upstream.configuration.deletedTags {
        case .keep:
            guard let kept = try await kept(.digest(known.digest), cache) else { return .missing }
            try await note(tag, known.digest, cache: cache)
            return .manifest(kept)
        case .remove:
            _ = try await metadata.removeTag(tag, from: name)
            cache.forget(name)
            upstreams.tags.forget(tag, in: name)
            upstreams.tags.noteMissing(.tag(tag), in: name, for: upstream.configuration.notFoundTTL)
            return .missing
        }
    }

    private func note(_ tag: Tag, _ digest: Digest, cache: ManifestCache) async throws {
        let check = CachedTag(digest: digest, checkedAt: Self.now)
        try await metadata.noteTag(tag, pointsTo: digest, at: check.checkedAt, in: name)
        cache.forget(name)
        upstreams.tags.note(check, of: tag, in: name)
    }

    /// Takes note that a manifest was asked for: what is not asked for is the first to go.
    func noteUse(of digest: Digest) {
        upstreams.uses.note(CachedManifestName(repository: name, digest: digest))
    }

    /// Fetches a manifest and keeps it, when there is room.
    ///
    /// - Returns: nil when the upstream has none.
    private func fetch(
        _ reference: ManifestReference,
        trusted: Bool,
        cache: ManifestCache
    ) async throws -> StoredManifest? {
        upstreams.counters.manifestMisses.add()
        let resolved = try await upstream.ask(trusted: trusted) { client in
            try await client.manifest(reference, in: remote)
        }
        guard let resolved else { return nil }
        let new = NewManifest(resolved.manifest, digest: resolved.digest, mayBeSparse: true)
        guard try await upstreams.adopt(name, for: upstream) else { return new.stored }
        defer { cache.forget(name) }
        let isKept = try await upstreams.space.withRoom(
            for: Int64(new.stored.bytes.count),
            logger: upstreams.logger
        ) { [name, metadata] in
            _ = try await metadata.addManifest(new, taggedAs: nil, to: name)
        }
        if isKept, case .tag(let tag) = reference { try await note(tag, resolved.digest, cache: cache) }
        return new.stored
    }
}
