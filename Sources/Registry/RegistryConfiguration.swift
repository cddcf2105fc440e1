/// The bounds that the registry's rules keep.
package struct RegistryConfiguration: Sendable {
    /// The largest manifest that is accepted, in bytes.
    package var maximumManifestSize = 4 << 20
    /// How much memory manifests may take that are kept for the next who asks for them, in bytes.
    package var manifestCacheSize = 64 << 20
    /// After how many received bytes an upload's progress is made durable while the body still comes.
    package var uploadCheckpointInterval: Int64 = 256 << 20
    /// The longest page of a list of tags; also what is given when the client doesn't say.
    package var maximumPageLength = 10_000
    /// How many uploads' bodies may be received at once.
    package var maximumUploads = 256
    /// How long an upload session may be idle before it is dropped with what it received.
    package var uploadTTL = Duration.seconds(7 * 24 * 3600)
    /// How many bytes of the disk are left free: a push that would take from them is refused. nil for 512 MiB, or 5 %
    /// of a disk where that is less.
    package var minimumFreeSpace: Int64?

    package init() {}
}
