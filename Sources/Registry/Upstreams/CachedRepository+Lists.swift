import ImageSpec
import RegistryClient
import Storage

extension CachedRepository {
    /// How many cached tags are read at once.
    private static let pageLength = 10_000

    /// All tags: the upstream's, and those that are here, in the order of their bytes.
    ///
    /// - Throws: ``RegistryError/repositoryUnknown(_:)`` when neither has such a repository.
    func tags() async throws -> Served<[Tag]> {
        let list = CachedLists.Name.tags(name)
        var staleness: String?
        var known: CachedLists.List?
        do {
            known = try await upstreams.lists.list(list, ttl: upstream.configuration.listTTL) {
                let tags = try await upstream.ask(trusted: true) { try await $0.tags(of: remote) }
                return tags.map { .tags($0.sorted { $0.rawValue.utf8.lexicographicallyPrecedes($1.rawValue.utf8) }) }
            }
        } catch let failure as UpstreamFailure {
            staleness = failure.description
            known = upstreams.lists.outdated(list)
            upstreams.counters.stale.add()
        }
        let kept = try await keptTags()
        guard case .tags(let tags)? = known else {
            guard let kept, !kept.isEmpty else {
                guard let staleness else { throw RegistryError.repositoryUnknown(name) }
                throw told(UpstreamFailure(upstream: upstream.name, reason: staleness))
            }
            return Served(kept, staleness: staleness)
        }
        return Served(Self.joined(tags, kept ?? []), staleness: staleness)
    }

    private func keptTags() async throws -> [Tag]? {
        var tags: [Tag] = []
        while true {
            guard let page = try await metadata.tags(in: name, after: tags.last, limit: Self.pageLength) else {
                return nil
            }
            tags += page
            if page.count < Self.pageLength { return tags }
        }
    }

    /// Both lists as one, each tag once.
    private static func joined(_ first: [Tag], _ second: [Tag]) -> [Tag] {
        var joined: [Tag] = []
        joined.reserveCapacity(max(first.count, second.count))
        var (left, right) = (first[...], second[...])
        while let one = left.first, let other = right.first {
            if one == other {
                joined.append(one)
                left.removeFirst()
                right.removeFirst()
            } else if one.rawValue.utf8.lexicographicallyPrecedes(other.rawValue.utf8) {
                joined.append(left.removeFirst())
            } else {
                joined.append(right.removeFirst())
            }
        }
        return joined + left + right
    }

    /// What the upstream lists as referrers of `subject`, as it was in the last while.
    func referrers(to subject: Digest) async throws -> Served<[Descriptor]>? {
        let list = CachedLists.Name.referrers(name, subject)
        do {
            let known = try await upstreams.lists.list(list, ttl: upstream.configuration.listTTL) {
                let referrers = try await upstream.ask(trusted: true) { client in
                    try await client.referrers(of: subject, in: remote)
                }
                return referrers.map { .referrers($0) }
            }
            guard case .referrers(let referrers)? = known else { return Served([]) }
            return Served(referrers)
        } catch let failure as UpstreamFailure {
            guard case .referrers(let referrers)? = upstreams.lists.outdated(list) else { return nil }
            return Served(referrers, staleness: failure.description)
        }
    }
}
