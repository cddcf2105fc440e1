import ImageSpec
import Logging
import RegistryClient
import Storage

extension CachedRepository {
    /// How many bytes the blob has.
    ///
    /// - Throws: ``RegistryError``.
    func size(of digest: Digest) async throws -> Int64 {
        if let blob = try await metadata.blob(digest, in: name) { return blob.size }
        guard let size = try await upstreamSize(of: digest) else { throw RegistryError.blobUnknown(digest) }
        return size
    }

    /// The blob's bytes: the kept ones, or as they come from the upstream, through the cache or, when that is full, past
    /// it.
    ///
    /// - Throws: ``RegistryError``.
    func openBlob(_ digest: Digest, _ blobs: any BlobStore, logger: Logger) async throws -> BlobContent {
        var isFirst = true
        while true {
            if let content = try await storedBlob(digest, blobs) {
                if isFirst { upstreams.counters.blobHits.add() }
                return BlobContent(.stored(content), served: upstreams.counters.servedBytes)
            }
            guard let (download, isNew) = try await download(digest, logger: logger) else {
                throw RegistryError.blobUnknown(digest)
            }
            if isFirst { isNew ? upstreams.counters.blobMisses.add() : upstreams.counters.blobJoins.add() }
            isFirst = false
            do {
                if let (partial, round) = try await download.begun() {
                    return BlobContent(
                        .arriving(ArrivingBlob(download: download, partial: partial, round: round)),
                        served: upstreams.counters.servedBytes
                    )
                }
            } catch let error as RegistryError where error.isCacheFull {
                upstreams.counters.passedBlobs.add()
                return passing(digest, size: download.size)
            } catch {
                throw told(error)
            }
        }
    }

    /// For whom there is no room is not refused: they get what the upstream sends, each a copy of their own.
    private func passing(_ digest: Digest, size: Int64) -> BlobContent {
        let blob = PassingBlob(
            digest: digest,
            size: size,
            remote: remote,
            upstream: upstream,
            counters: upstreams.counters
        )
        return BlobContent(.passing(blob), served: upstreams.counters.servedBytes)
    }

    private func storedBlob(_ digest: Digest, _ blobs: any BlobStore) async throws -> OpenBlob? {
        guard let blob = try await metadata.blob(digest, in: name) else { return nil }
        do {
            let content = try await blobs.open(blob.location)
            guard content.size == blob.size else { return nil }
            upstreams.uses.track(content, digest)
            return content
        } catch StorageError.bytesLost {
            // Evicted since its row was read, or lost: both ways it is fetched.
            return nil
        }
    }

    /// The download of the blob; nil when the upstream has no such blob.
    func download(_ digest: Digest, logger: Logger) async throws -> (download: BlobDownload, isNew: Bool)? {
        let others = upstreams.downloads.repositories(waitingFor: digest)
        // What comes for another repository may be none of this one's.
        let isOthers = !others.isEmpty && !others.contains(name)
        guard let size = try await isOthers ? askedSize(of: digest) : upstreamSize(of: digest) else { return nil }
        guard try await upstreams.adopt(name, for: upstream) else { return nil }
        return try upstreams.downloads.download(
            digest,
            size: size,
            for: name,
            as: remote,
            of: upstream,
            logger: logger
        )
    }

    /// The blob's size as a manifest that is here tells it, else as the upstream does; nil when it has none.
    private func upstreamSize(of digest: Digest) async throws -> Int64? {
        if let manifest = try await metadata.manifest(naming: digest, in: name),
            let size = Self.size(of: digest, in: manifest)
        {
            return size
        }
        return try await askedSize(of: digest)
    }

    private func askedSize(of digest: Digest) async throws -> Int64? {
        let reference = ManifestReference.digest(digest)
        guard !upstreams.tags.isKnownToMiss(reference, in: name) else { return nil }
        do {
            let size = try await upstream.ask(trusted: false) { try await $0.blobSize(digest, in: remote) }
            if size == nil { upstreams.tags.noteMissing(reference, in: name, for: upstream.configuration.notFoundTTL) }
            return size
        } catch {
            throw told(error)
        }
    }

    private static func size(of digest: Digest, in stored: StoredManifest) -> Int64? {
        guard let manifest = try? Manifest(parsing: stored.bytes, contentType: stored.mediaType) else { return nil }
        let descriptors =
            switch manifest.content {
            case .image(let image): [image.config] + image.layers
            case .index(let index): index.manifests
            }
        return descriptors.first { $0.digest == digest }?.size
    }
}
