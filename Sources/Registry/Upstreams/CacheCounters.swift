import Instruments

/// What the caches of upstreams did since the server's start.
package final class CacheCounters: Sendable {
    /// Bytes of blobs that upstreams sent.
    package let upstreamBytes = Counter()
    /// Bytes of blobs that clients asked caches for.
    package let servedBytes = Counter()
    /// Blobs that were asked for and here.
    package let blobHits = Counter()
    /// Blobs that were asked for and on their way.
    package let blobJoins = Counter()
    /// Blobs that were asked for and had to be fetched.
    package let blobMisses = Counter()
    /// Manifests that were served without asking an upstream.
    package let manifestHits = Counter()
    /// Tags that an upstream was asked for, and those that had not changed.
    package let revalidations = Counter()
    package let unchanged = Counter()
    /// Manifests that were fetched.
    package let manifestMisses = Counter()
    /// Tags that were served as they were, since no upstream could be asked.
    package let stale = Counter()
    /// Requests that upstreams could not be asked for and nothing was here.
    package let failures = Counter()
    /// Blobs that came whole and were not what they should be.
    package let wrongBlobs = Counter()
    /// Blobs that were handed on to one client and not kept, for want of room.
    package let passedBlobs = Counter()
    package let evictedManifests = Counter()
    package let evictedBlobs = Counter()
    /// Of blobs and manifests.
    package let evictedBytes = Counter()

    package init() {}
}
