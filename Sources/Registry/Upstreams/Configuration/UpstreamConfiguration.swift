import ImageSpec

/// A registry whose repositories are cached here: they belong to it by their names' prefix.
package struct UpstreamConfiguration: Sendable, Equatable {
    /// What the upstream is called, which is what references to it begin with, such as `docker.io`: a client that
    /// sends containerd's `ns` parameter with this value means it.
    package var name: String
    /// The path below which its repositories lie here, such as `docker.io`; a repository's name there is this, a slash,
    /// and its name at the upstream without ``path``.
    package var prefix: String
    /// What stands before the names at the upstream, such as `library`; often empty.
    package var path = ""
    /// Where its content is to be had, in the order of preference; one at least, of which one at least is trusted.
    package var endpoints: [UpstreamEndpointConfiguration]
    /// How long tags hold until they are asked for again; the first rule that matches counts.
    package var tagRules: [TagRule] = []
    /// How long tags hold that no rule matches.
    package var tagTTL: TagTTL = .time(.seconds(600))
    /// How long a list of tags or of referrers holds.
    package var listTTL = Duration.seconds(300)
    /// How long a tag is served as it was when it can't be asked for.
    package var staleIfError = Duration.seconds(7 * 86_400)
    /// How long it is remembered that the upstream has no such thing.
    package var notFoundTTL = Duration.seconds(30)
    /// What becomes of a cached tag that the upstream has no more.
    package var deletedTags = DeletedTagPolicy.remove
    /// How many layers of an image are fetched at once before they are asked for; 0 for none.
    package var prefetch = 3
    /// Who may read what is cached.
    package var authorization = CacheAuthorization.berth
    /// What is never evicted.
    package var pins: [CachePin] = []

    package init(name: String, endpoints: [UpstreamEndpointConfiguration]) {
        self.name = name
        prefix = name
        self.endpoints = endpoints
    }

    /// How long what is known of the tag holds.
    func ttl(of tag: Tag) -> TagTTL {
        tagRules.first { $0.pattern.matches(tag.rawValue) }?.ttl ?? tagTTL
    }
}

/// What becomes of a cached tag that its upstream has deleted.
package enum DeletedTagPolicy: String, Sendable, CaseIterable {
    case remove
    case keep
}

/// Who decides who may read a cached repository.
package enum CacheAuthorization: String, Sendable, CaseIterable {
    /// Its readers are the registry's own.
    case berth
    /// Whom the upstream lets read it, asked with the credentials that the reader sends.
    case upstream
}
