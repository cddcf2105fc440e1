import ConfigurationText
import ImageSpec
import Mirror

/// A source of a plan as far as it has been read.
struct MirrorSourceDraft: Sendable {
    var source = ""
    var destinations: [DestinationTemplate] = []
    var tags = TagFilter()
    var platforms: [Platform] = []
    var referrers = false
    var deletions = Deletions()

    /// Every key: a new one needs a line here and one in `config/mirror.yaml`.
    static let keys: [MirrorPlanKey<MirrorSourceDraft>] = [
        MirrorPlanKey("from", \.source, "a repository, as docker.io/library/nginx, or a pattern", \.scalar?.string),
        MirrorPlanKey(
            "to",
            \.destinations,
            "a registry and a template, or a list of those, as 'localhost:5000/{repository}'",
            MirrorPlanValues.destinations
        ),
        MirrorPlanKey("tags", \.tags, "a list of tags and patterns, or keys such as 'semver'", MirrorPlanValues.filter),
        MirrorPlanKey(
            "platforms",
            \.platforms,
            "all, or a list, as [linux/amd64, linux/arm64]",
            MirrorPlanValues.platforms
        ),
        MirrorPlanKey("referrers", \.referrers, "true or false", \.bool),
        MirrorPlanKey("delete", \.deletions.kind, MirrorPlanValues.names(Deletions.Kind.self)) { node in
            node.scalar.flatMap { Deletions.Kind(rawValue: $0.string) }
        },
        MirrorPlanKey("delete_at_most", \.deletions.limit, "a number from 1 on") { node in
            node.int.flatMap { $0 >= 1 ? $0 : nil }
        },
    ]

    /// - Throws: ``ConfigurationErrors``; ``ImageSpecError``.
    func entry(defaultRegistry: RegistryHost) throws -> MirrorEntry {
        guard !source.isEmpty else { throw ConfigurationErrors("the source has no 'from'") }
        guard !destinations.isEmpty else { throw ConfigurationErrors("'\(source)' has no 'to', and no default") }
        let (host, repositories) = try place(defaultRegistry)
        return MirrorEntry(
            host: host,
            repositories: repositories,
            tags: tags,
            platforms: platforms,
            referrers: referrers,
            destinations: destinations,
            deletions: deletions
        )
    }

    private func place(_ defaultRegistry: RegistryHost) throws -> (RegistryHost, MirrorEntry.Repositories) {
        if source.contains(where: { $0 == "*" || $0 == "?" }) {
            guard let slash = source.firstIndex(of: "/"), let host = try? RegistryHost(source[..<slash]) else {
                throw ConfigurationErrors("a pattern of repositories needs a registry before it: '\(source)'")
            }
            return (host, .matching(GlobPattern(String(source[source.index(after: slash)...]))))
        }
        guard !ImageReference.hasTagOrDigest(source) else {
            throw ConfigurationErrors("'\(source)' should be a repository; its tags are said by 'tags'")
        }
        let reference = try ImageReference(source, defaultHost: defaultRegistry)
        return (reference.host, .one(reference.repository))
    }
}
