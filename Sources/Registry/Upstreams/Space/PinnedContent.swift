import ImageSpec
import Storage

/// Finds the manifests and blobs that may not be evicted, since a pin keeps what they belong to.
struct PinnedContent: Sendable {
    private static let pageLength = 1000

    let metadata: any MetadataStore

    func digests(of upstreams: [Upstream]) async throws -> Set<Digest> {
        var pinned: Set<Digest> = []
        let pins = try await metadata.cachePins().map { GlobPattern($0) }
        for upstream in upstreams where !upstream.configuration.pins.isEmpty || !pins.isEmpty {
            var last: CachedTagName?
            while true {
                let page = try await metadata.cachedTags(of: upstream.name, after: last, limit: Self.pageLength)
                for tag in page where Self.isPinned(tag, by: upstream, and: pins) {
                    pinned.formUnion(try await metadata.manifests(neededBy: tag.digest, in: tag.repository))
                    pinned.formUnion(try await metadata.blobs(neededBy: tag.digest, in: tag.repository))
                }
                guard page.count == Self.pageLength else { break }
                last = page.last
            }
        }
        return pinned
    }

    /// - Parameter pins: operators' own, of whole names here with their tags.
    static func isPinned(_ tag: CachedTagName, by upstream: Upstream, and pins: [GlobPattern]) -> Bool {
        let prefix = upstream.configuration.prefix
        let name =
            prefix.isEmpty ? tag.repository.rawValue : String(tag.repository.rawValue.dropFirst(prefix.count + 1))
        return pins.contains { $0.matches("\(tag.repository):\(tag.tag)") }
            || upstream.configuration.pins.contains { pin in
                pin.repository.matches(name) && pin.tag.matches(tag.tag.rawValue)
            }
    }
}
