import ImageSpec

/// How long the tags that match a pattern hold.
package struct TagRule: Sendable, Equatable {
    package let pattern: GlobPattern
    package let ttl: TagTTL

    package init(pattern: GlobPattern, ttl: TagTTL) {
        self.pattern = pattern
        self.ttl = ttl
    }
}

/// How long what is known of a tag holds.
package enum TagTTL: Sendable, Equatable {
    case time(Duration)
    /// Once known it is never asked for again.
    case immutable
}

/// What the cache keeps whatever else it needs room for.
package struct CachePin: Sendable, Equatable {
    /// Of the repository's name here, without the upstream's prefix.
    package let repository: GlobPattern
    /// Of the tags; what they name is kept, with all that it needs and is here.
    package let tag: GlobPattern

    package init(repository: GlobPattern, tag: GlobPattern) {
        self.repository = repository
        self.tag = tag
    }
}
