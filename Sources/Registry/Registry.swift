import ImageSpec
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

    package init(
        blobs: any BlobStore,
        metadata: any MetadataStore,
        configuration: RegistryConfiguration = RegistryConfiguration()
    ) {
        self.blobs = blobs
        self.metadata = metadata
        self.configuration = configuration
        activeUploads = ActiveUploads(limit: configuration.maximumUploads)
        freeSpace = FreeSpace(in: blobs, minimum: configuration.minimumFreeSpace)
        manifestCache = ManifestCache(size: configuration.manifestCacheSize)
    }

    /// How often a manifest that was asked for was in memory, and how often it had to be read.
    package var manifestCacheUse: (hits: Int, misses: Int) { (manifestCache.hits, manifestCache.misses) }

    /// How many uploads receive bytes right now.
    package var uploadsUnderWay: Int { activeUploads.count }

    /// Takes over those of the bounds that can change while the registry is used.
    package func apply(_ configuration: RegistryConfiguration) {
        activeUploads.setLimit(configuration.maximumUploads)
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
