import ImageSpec

/// The bounds that the registry's rules keep.
package struct RegistryConfiguration: Sendable {
    /// The largest blob that is accepted, in bytes; nil for any.
    package var maximumBlobSize: Int64?
    /// The largest manifest that is accepted, in bytes.
    package var maximumManifestSize = 4 << 20
    /// How much memory manifests may take that are kept for the next who asks for them, in bytes.
    package var manifestCacheSize = 64 << 20
    /// After how many received bytes an upload's progress is made durable while the body still comes.
    package var uploadCheckpointInterval: Int64 = 256 << 20
    /// The longest page of a list of tags or repositories; also what is given when the client doesn't say.
    package var maximumPageLength = 10_000
    /// How many uploads' bodies may be received at once.
    package var maximumUploads = 256
    /// How long an upload session may be idle before it is dropped with what it received.
    package var uploadTTL = Duration.seconds(7 * 24 * 3600)
    /// How many bytes the blobs may take that only caches of upstreams hold; nil for as many as there is room for.
    package var cacheSize: Int64?
    /// How many bytes of the disk are kept free: no push may take of them. nil to let the disk fill up.
    package var minimumFreeSpace: Int? = 512 << 20
    /// The longest name of a repository that is pushed to, in characters; no more than
    /// ``RepositoryName/maximumLength``. Clients count the registry's own name into the 255 that they take.
    package var maximumNameLength = RepositoryName.maximumLength
    /// How many blobs and manifests a manifest may name.
    package var maximumReferencesPerManifest = 10_000
    /// How many tags may be pushed with a manifest.
    package var maximumTagsPerPush = 100
    package var sparseManifests = SparseManifests.none
    /// The shortest chunk, in bytes, that clients are asked to send where a blob is sent in chunks; 0 for none. It is
    /// a request alone: which chunk is the last, and so may be shorter, is known too late to refuse one.
    package var minimumChunkLength: Int64 = 0
    /// Whether the audit keeps who pulled what.
    package var auditsPulls = false
    /// How old entries of the audit may become; nil for any age.
    package var auditRetention: Duration?

    package init() {}
}
