import ImageSpec
import Logging
import RegistryClient
import Storage

/// The rules of the registry: what may be pushed, pulled, mounted and deleted, and in which order things happen.
///
/// Every method takes the caller on whose behalf it acts. None of them knows HTTP.
package struct Registry: Sendable {
    package let configuration: RegistryConfiguration
    let blobs: any BlobStore
    let metadata: any MetadataStore
    let activeUploads: ActiveUploads
    let manifestCache: ManifestCache
    let freeSpace: FreeSpace
    /// The registries whose repositories are cached here; nil when there are none.
    let upstreams: Upstreams?
    /// Who may do what.
    package let access: AccessControl
    /// Who did what.
    package let audit: AuditLog

    /// A registry that has what is pushed to it.
    package init(
        blobs: any BlobStore,
        metadata: any MetadataStore,
        configuration: RegistryConfiguration = RegistryConfiguration(),
        access: AccessControl = AccessControl(.open)
    ) {
        self.init(blobs: blobs, metadata: metadata, configuration: configuration, access: access) { _, _ in nil }
    }

    /// A registry that also has what others have.
    ///
    /// - Parameter defaultUpstream: the name of the one whose repositories are meant by names that nothing here has.
    /// - Throws: ``RegistryClientError`` for an endpoint that can't be used as it is configured.
    package init(
        blobs: any BlobStore,
        metadata: any MetadataStore,
        configuration: RegistryConfiguration,
        access: AccessControl = AccessControl(.open),
        upstreams: [UpstreamConfiguration],
        defaultUpstream: String?,
        logger: Logger
    ) throws {
        try self.init(blobs: blobs, metadata: metadata, configuration: configuration, access: access) {
            freeSpace,
            manifestCache in
            guard !upstreams.isEmpty else { return nil }
            return try Upstreams(
                upstreams,
                defaultUpstream: defaultUpstream,
                cacheSize: configuration.cacheSize,
                metadata: metadata,
                blobs: blobs,
                freeSpace: freeSpace,
                manifestCache: manifestCache,
                logger: logger
            )
        }
    }

    private init<Failure>(
        blobs: any BlobStore,
        metadata: any MetadataStore,
        configuration: RegistryConfiguration,
        access: AccessControl,
        _ makeUpstreams: (FreeSpace, ManifestCache) throws(Failure) -> Upstreams?
    ) throws(Failure) {
        self.blobs = blobs
        self.metadata = metadata
        self.configuration = configuration
        self.access = access
        audit = AuditLog(metadata, keepsPulls: configuration.auditsPulls)
        activeUploads = ActiveUploads(limit: configuration.maximumUploads)
        freeSpace = FreeSpace(in: blobs, minimum: configuration.minimumFreeSpace)
        manifestCache = ManifestCache(size: configuration.manifestCacheSize)
        upstreams = try makeUpstreams(freeSpace, manifestCache)
    }

    /// How often a manifest that was asked for was in memory, and how often it had to be read.
    package var manifestCacheUse: (hits: Int, misses: Int) { (manifestCache.hits, manifestCache.misses) }

    /// How many uploads receive bytes right now.
    package var uploadsUnderWay: Int { activeUploads.count }

    /// Takes over those of the bounds that can change while the registry is used.
    package func apply(_ configuration: RegistryConfiguration) {
        activeUploads.setLimit(configuration.maximumUploads)
        audit.setKeepsPulls(configuration.auditsPulls)
    }

    /// Proves that the database answers and that the blobs' disk takes writes.
    ///
    /// - Throws: what went wrong.
    package func checkReadiness() async throws {
        _ = try await metadata.totals()
        try await blobs.checkWriting()
    }

    /// How many blobs are stored, and their bytes together.
    package func totals() async throws -> StoredTotals {
        try await metadata.totals()
    }

    /// How much room there is for blobs; nil where there is no telling.
    package func space() async throws -> StorageSpace? {
        try await blobs.space()
    }
}
