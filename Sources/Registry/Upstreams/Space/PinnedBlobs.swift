import ImageSpec
import Storage

/// Finds the blobs that may not be evicted, since a pin keeps what they belong to.
struct PinnedBlobs: Sendable {
    private static let pageLength = 1000

    let metadata: any MetadataStore

    func digests(of upstreams: [Upstream]) async throws -> Set<Digest> {
        var pinned: Set<Digest> = []
        for upstream in upstreams where !upstream.configuration.pins.isEmpty {
            var last: CachedTagName?
            while true {
                let page = try await metadata.cachedTags(of: upstream.name, after: last, limit: Self.pageLength)
                for tag in page where isPinned(tag, by: upstream) {
                    pinned.formUnion(try await metadata.blobs(neededBy: tag.digest, in: tag.repository))
                }
                guard page.count == Self.pageLength else { break }
                last = page.last
            }
        }
        return pinned
    }

    private func isPinned(_ tag: CachedTagName, by upstream: Upstream) -> Bool {
        let prefix = upstream.configuration.prefix
        let name =
            prefix.isEmpty ? tag.repository.rawValue : String(tag.repository.rawValue.dropFirst(prefix.count + 1))
        return upstream.configuration.pins.contains { pin in
            pin.repository.matches(name) && pin.tag.matches(tag.tag.rawValue)
        }
    }
}
