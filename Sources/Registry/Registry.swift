import ImageSpec
import Storage

/// The rules of the registry: what may be pushed, pulled, mounted and deleted, and in which order things happen.
///
/// Every method takes the caller on whose behalf it acts. None of them knows HTTP.
package struct Registry: Sendable {
    package let configuration: RegistryConfiguration
    let blobs: any BlobStore
    let metadata: any MetadataStore
    let activeUploads = ActiveUploads()
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
        freeSpace = FreeSpace(in: blobs, minimum: configuration.minimumFreeSpace)
        manifestCache = ManifestCache(size: configuration.manifestCacheSize)
    }

    /// How often a manifest that was asked for was in memory, and how often it had to be read.
    package var manifestCacheUse: (hits: Int, misses: Int) { (manifestCache.hits, manifestCache.misses) }
}
