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

    package init() {}
}
