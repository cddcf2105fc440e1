import ImageSpec

/// One source of a plan: repositories of a registry, what of them is mirrored, and where to.
package struct MirrorEntry: Sendable {
    package enum Repositories: Sendable, Hashable {
        case one(RepositoryName)
        /// Those of the registry's list that match.
        case matching(GlobPattern)
    }

    package var host: RegistryHost
    package var repositories: Repositories
    package var tags: TagFilter
    /// Of an index only the images for these; empty for all.
    package var platforms: [Platform]
    /// Whether signatures, SBOMs and all else that refers to an image go with it.
    package var referrers: Bool
    package var destinations: [DestinationTemplate]
    package var deletions: Deletions

    package init(
        host: RegistryHost,
        repositories: Repositories,
        tags: TagFilter = TagFilter(),
        platforms: [Platform] = [],
        referrers: Bool = false,
        destinations: [DestinationTemplate],
        deletions: Deletions = Deletions()
    ) {
        self.host = host
        self.repositories = repositories
        self.tags = tags
        self.platforms = platforms
        self.referrers = referrers
        self.destinations = destinations
        self.deletions = deletions
    }

    /// For messages.
    var sourceName: String {
        switch repositories {
        case .one(let repository): "\(host)/\(repository)"
        case .matching(let pattern): "\(host)/\(pattern.text)"
        }
    }
}
