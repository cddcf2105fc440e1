import ImageSpec
import RegistryClient

/// An image in a registry, to be copied from or to.
package struct RegistryImage: Sendable {
    let reference: ImageReference
    let client: RegistryClient

    package var name: String { reference.familiarName }
    var repository: RepositoryName { reference.repository }

    package init(_ reference: ImageReference, client: RegistryClient) {
        self.reference = reference
        self.client = client
    }

    /// Asks what the name stands for without fetching it; nil when the registry has no such thing, or doesn't tell.
    package func describe() async throws -> Descriptor? {
        try await client.manifestDescriptor(reference.manifestReference, in: repository)
    }
}

extension RegistryImage: ImageSource {
    package var mountSource: (host: RegistryHost, repository: RepositoryName)? { (reference.host, repository) }

    package func resolve() async throws -> ResolvedManifest {
        try await client.manifest(reference.manifestReference, in: repository)
    }

    package func manifest(_ descriptor: Descriptor) async throws -> ResolvedManifest {
        try await client.manifest(.digest(descriptor.digest), in: repository)
    }

    package func blob(_ descriptor: Descriptor, from start: Int64) throws -> BlobContent {
        .registry(try client.blob(descriptor, in: repository, from: start))
    }

    package func referrers(of subject: Digest) async throws -> [Descriptor] {
        try await client.referrers(of: subject, in: repository)
    }

    package func companions(of digest: Digest) async throws -> [(tag: Tag, manifest: ResolvedManifest)] {
        var companions: [(tag: Tag, manifest: ResolvedManifest)] = []
        for tag in digest.companionTags {
            do {
                companions.append((tag, try await client.manifest(.tag(tag), in: repository)))
            } catch let error as RegistryClientError where error.isNotFound {
                continue
            }
        }
        return companions
    }
}

extension RegistryImage: ImageDestination {
    package var takesSeveralBlobs: Bool { true }

    package func begin(_ root: ResolvedManifest) async throws -> Bool {
        if case .digest(let wanted) = reference.manifestReference, wanted != root.digest {
            throw MirrorError.differentDigest(destination: name, source: root.digest)
        }
        return try await client.manifestDigest(reference.manifestReference, in: repository) == root.digest
    }

    package func holds(_ manifest: Digest, as role: ManifestRole) async throws -> Bool {
        let place: ManifestReference = if case .companion(let tag) = role { .tag(tag) } else { .digest(manifest) }
        return try await client.manifestDigest(place, in: repository) == manifest
    }

    package func put(
        _ blob: Descriptor,
        from source: any ImageSource,
        onBytes: @escaping @Sendable (Int64) -> Void
    ) async throws -> BlobPush {
        try await put(blob, from: source, orMounting: nil, onBytes: onBytes)
    }

    /// - Parameter home: a repository of this registry that has the blob, when one is known.
    func put(
        _ blob: Descriptor,
        from source: any ImageSource,
        orMounting home: RepositoryName?,
        onBytes: @escaping @Sendable (Int64) -> Void
    ) async throws -> BlobPush {
        let sourcesOwn = source.mountSource.flatMap { $0.host == reference.host ? $0.repository : nil }
        let mountSource = (home ?? sourcesOwn).flatMap { $0 == repository ? nil : $0 }
        return try await client.push(blob, to: repository, mountingFrom: mountSource, onBytes: onBytes) { start in
            // The registry proves the digest of the whole.
            try source.blob(blob, from: start)
        }
    }

    package func put(_ manifest: ResolvedManifest, as role: ManifestRole) async throws {
        switch role {
        case .root:
            try await client.push(manifest.manifest, as: reference.manifestReference, to: repository)
        case .child:
            try await client.push(manifest.manifest, as: .digest(manifest.digest), to: repository)
        case .referrer:
            try await client.pushReferrer(manifest, to: repository)
        case .companion(let tag):
            try await client.push(manifest.manifest, as: .tag(tag), to: repository)
        }
    }

    package func finish() {}
}
