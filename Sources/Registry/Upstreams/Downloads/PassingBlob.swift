import ImageSpec
import NIOCore
import RegistryClient

/// A blob that the cache has no room for: its bytes go from the upstream to one client, and aren't kept.
package struct PassingBlob: Sendable {
    let digest: Digest
    /// In bytes, of the whole blob.
    package let size: Int64
    /// The repository that has it, as the upstream calls it.
    let remote: RepositoryName
    let upstream: Upstream
    let counters: CacheCounters

    /// Fetches the bytes in `range` and hands them on in their order, from one endpoint after the other as long as they
    /// fail; of the whole the last ones come only once its digest is proven.
    ///
    /// A part proves nothing by itself, so it comes from trusted endpoints alone.
    ///
    /// - Throws: ``UpstreamFailure`` when no endpoint gives the rest; what `handOn` throws.
    package func read(_ range: Range<Int64>, _ handOn: (ByteBuffer) async throws -> Void) async throws {
        let isWhole = range == 0..<size
        var progress = Progress(rest: range, hasher: isWhole ? DigestHasher(digest.algorithm) : nil)
        var failure = UpstreamFailure(upstream: upstream.name, reason: "none of its endpoints is asked just now")
        for source in upstream.sources where isWhole || source.endpoint.isTrusted {
            guard !progress.rest.isEmpty else { return }
            guard source.tryToBegin() else { continue }
            do {
                try await read(&progress, from: source, handOn)
                source.update { $0.succeeded() }
            } catch let error as RegistryClientError {
                source.note(error)
                failure = UpstreamFailure(error, at: source, of: upstream.name)
            } catch {
                // The client's fault, or our own: it says nothing of the endpoint.
                source.update { $0.abandoned() }
                throw error
            }
        }
        guard progress.rest.isEmpty else { throw failure }
    }

    /// What is still to come, and the hash over what has been handed on of the whole.
    private struct Progress {
        var rest: Range<Int64>
        var hasher: DigestHasher?
    }

    private func read(
        _ progress: inout Progress,
        from source: UpstreamSource,
        _ handOn: (ByteBuffer) async throws -> Void
    ) async throws {
        try await source.endpoint.admitRequest()
        for try await var buffer in try bytes(after: progress, from: source.endpoint.client) {
            counters.upstreamBytes.add(buffer.readableBytes)
            try await source.endpoint.admit(buffer.readableBytes)
            // A server that knows no ranges sends what is behind it, too.
            guard let part = buffer.readSlice(length: min(buffer.readableBytes, progress.rest.count)) else { return }
            try await handOn(part)
            part.withUnsafeReadableBytes { progress.hasher?.update($0) }
            progress.rest = (progress.rest.lowerBound + Int64(part.readableBytes))..<progress.rest.upperBound
            if progress.rest.isEmpty, progress.hasher == nil { return }
        }
    }

    private func bytes(after progress: Progress, from client: RegistryClient) throws -> BlobBytes {
        let descriptor = Descriptor(mediaType: .octetStream, digest: digest, size: size)
        guard let hasher = progress.hasher else { return try client.blob(descriptor, in: remote, progress.rest) }
        let prefix = BlobPrefix(hasher: hasher, length: progress.rest.lowerBound)
        return try client.blob(descriptor, in: remote, after: prefix)
    }
}
