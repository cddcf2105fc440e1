import ImageSpec

/// Which of a repository's tags a plan is about.
package struct TagFilter: Sendable, Hashable {
    /// What is the newest.
    package enum Order: String, Sendable, CaseIterable {
        /// The highest by semver; tags that are no versions aren't counted, and stay.
        case version
        /// The last by name, numbers in it taken as numbers: for dates and builds.
        case name
    }

    /// One is enough; none means all tags.
    package var include: [TagPattern]
    package var exclude: [TagPattern]
    /// Whether ranges of versions take prereleases.
    package var prereleases: Bool
    /// How many of those that are left; nil for all.
    package var newest: Int?
    package var order: Order

    package init(
        include: [TagPattern] = [],
        exclude: [TagPattern] = [],
        prereleases: Bool = false,
        newest: Int? = nil,
        order: Order = .version
    ) {
        self.include = include
        self.exclude = exclude
        self.prereleases = prereleases
        self.newest = newest
        self.order = order
    }

    /// The tags that are meant by their names, when no list of tags is needed to know which; else nil.
    package var literals: [Tag]? {
        guard newest == nil, !include.isEmpty else { return nil }
        let tags = include.compactMap(\.literal)
        return tags.count == include.count ? select(tags) : nil
    }

    /// Whether the filter is about a tag, whether or not it is new enough.
    ///
    /// Tags that stand for a manifest's referrers, not for an image, go with that manifest and are nobody's own.
    package func covers(_ tag: Tag) -> Bool {
        guard !tag.belongsToManifest || include.contains(where: { $0.literal == tag }) else { return false }
        return (include.isEmpty || include.contains { $0.matches(tag, prereleases: prereleases) })
            && !exclude.contains { $0.matches(tag, prereleases: true) }
    }

    /// Those of `tags` that are to be mirrored, each once, in the order of their names.
    package func select(_ tags: [Tag]) -> [Tag] {
        let covered = Set(tags).filter(covers)
        guard let newest else { return covered.sorted() }
        let counted: [Tag]
        switch order {
        case .version:
            let versions = covered.compactMap { tag in SemanticVersion(tag.rawValue).map { (tag, $0) } }
            // Of tags for one version, the one that says more comes first.
            counted = versions.sorted { one, other in
                one.1 != other.1
                    ? one.1 > other.1 : (one.1.precision, other.0.rawValue) > (other.1.precision, one.0.rawValue)
            }.map(\.0)
        case .name:
            counted = covered.sorted { NaturalOrder.precedes($1.rawValue, $0.rawValue) }
        }
        return covered.subtracting(counted.dropFirst(newest)).sorted()
    }
}

extension Tag {
    /// Whether it stands for a manifest's referrers or cosign's artifacts: `sha256-…`, `sha256-….sig`.
    package var belongsToManifest: Bool {
        for algorithm in DigestAlgorithm.allCases where rawValue.hasPrefix("\(algorithm.rawValue)-") {
            let rest = rawValue.dropFirst(algorithm.rawValue.count + 1)
            let digits = rest.prefix { $0 != "." }
            guard digits.count == 64, digits.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else { return false }
            return true
        }
        return false
    }
}
