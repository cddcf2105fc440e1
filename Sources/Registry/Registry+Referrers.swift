import ImageSpec
import Storage

extension Registry {
    /// A page of the manifests in `repository` that have `subject` for their subject, whether or not that is here.
    ///
    /// - Parameters:
    ///   - artifactType: nil for any.
    ///   - last: the referrer behind which the page begins.
    /// - Returns: the referrers as an index, and whether more follow.
    /// - SeeAlso: OCI distribution-spec 1.1, "Listing Referrers".
    package func referrers(
        to subject: Digest,
        in repository: RepositoryName,
        artifactType: MediaType?,
        after last: Digest?,
        as caller: Caller
    ) async throws -> (index: ImageIndex, hasMore: Bool) {
        let repository = try readable(repository, as: caller)
        if let cached = try await cachedRepository(repository, for: .manifest(.digest(subject)), as: caller),
            let referrers = try await cached.referrers(to: subject)
        {
            let wanted = referrers.value.filter { artifactType == nil || $0.artifactType == artifactType }
            return (ImageIndex(manifests: wanted), false)
        }
        let page = try await metadata.referrers(
            to: subject,
            in: repository,
            artifactType: artifactType,
            after: last,
            byteLimit: configuration.maximumManifestSize
        )
        return (ImageIndex(manifests: try page.manifests.map(Self.descriptor)), page.hasMore)
    }

    /// What a list of referrers tells of a manifest.
    private static func descriptor(of stored: StoredManifest) throws -> Descriptor {
        let manifest = try Manifest(parsing: stored.bytes, contentType: stored.mediaType)
        var descriptor = Descriptor(
            mediaType: stored.mediaType,
            digest: stored.digest,
            size: Int64(stored.bytes.count),
            annotations: manifest.annotations
        )
        descriptor.artifactType = manifest.artifactType
        return descriptor
    }
}
