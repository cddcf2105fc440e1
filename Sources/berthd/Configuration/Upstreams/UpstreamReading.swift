import ImageSpec
import Registry
import RegistryClient
import SystemPackage
import Yams

/// Reads the upstreams out of the configuration file.
struct UpstreamReading {
    private(set) var upstreams: [UpstreamConfiguration] = []
    private(set) var messages: [String] = []

    init(_ node: Node, in file: String) {
        let section = ConfigurationSection(node, in: file, name: "upstreams")
        messages = section.messages
        for (name, node) in section.entries { read(name, node, file) }
        messages += Self.clashes(of: upstreams, in: section)
    }

    private mutating func read(_ name: String, _ node: Node, _ file: String) {
        var section = ConfigurationSection(node, in: file, name: "upstreams.\(name)")
        defer { messages += section.finished() }
        guard let host = try? RegistryHost(name) else {
            return section.fail(
                node,
                "'\(name)' should be a registry's host, as docker.io or registry.example.com:5000"
            )
        }
        var upstream = UpstreamConfiguration(name: name, endpoints: [])
        section.take("prefix", .path, into: &upstream.prefix)
        if upstream.prefix == name, (try? RepositoryName(name)) == nil {
            section.fail(
                node,
                "'upstreams.\(name)' needs a 'prefix', as hub or mirror/hub: names of repositories can't begin with "
                    + "'\(name)'"
            )
        }
        section.take("path", .path, into: &upstream.path)
        section.take("tag_ttl", .tagTTL, into: &upstream.tagTTL)
        section.take("list_ttl", .duration(.zero ... .seconds(366 * 86_400)), into: &upstream.listTTL)
        section.take("stale_if_error", .duration(.zero ... .seconds(3660 * 86_400)), into: &upstream.staleIfError)
        section.take("not_found_ttl", .duration(.zero ... .seconds(86_400)), into: &upstream.notFoundTTL)
        section.take("deleted_tags", .choice, into: &upstream.deletedTags)
        section.take("prefetch", .count(0...64), into: &upstream.prefetch)
        section.take("authorize", .choice, into: &upstream.authorization)
        upstream.tagRules = section.items("tags").compactMap { node in
            var rule = ConfigurationSection(node, in: file, name: "upstreams.\(name).tags")
            defer { messages += rule.finished() }
            var ttl = upstream.tagTTL
            rule.take("ttl", .tagTTL, into: &ttl)
            guard let match = rule.text("match") else {
                rule.fail(node, "each of 'upstreams.\(name).tags' should have 'match' and 'ttl'")
                return nil
            }
            return TagRule(pattern: GlobPattern(match), ttl: ttl)
        }
        upstream.pins = (section.texts("pins") ?? []).compactMap { text in
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
                section.fail(
                    node,
                    "'upstreams.\(name).pins' should hold 'REPOSITORY:TAG', each with * and ?, not '\(text)'"
                )
                return nil
            }
            return CachePin(repository: GlobPattern(String(parts[0])), tag: GlobPattern(String(parts[1])))
        }
        upstream.endpoints = endpoints(of: host, &section, file)
        if !upstream.endpoints.isEmpty, !upstream.endpoints.contains(where: \.isTrusted) {
            section.fail(node, "one of 'upstreams.\(name).endpoints' should be trusted, or no tag can be resolved")
        }
        upstreams.append(upstream)
    }

    private mutating func endpoints(
        of host: RegistryHost,
        _ section: inout ConfigurationSection,
        _ file: String
    ) -> [UpstreamEndpointConfiguration] {
        let nodes = section.items("endpoints")
        guard !nodes.isEmpty else { return [UpstreamEndpointConfiguration(address: host.rawValue)] }
        return nodes.enumerated().compactMap { index, node in
            let reading = UpstreamEndpointReading(node, at: index, of: host, in: file)
            messages += reading.messages
            return reading.endpoint
        }
    }

    /// Two upstreams must not have the same repositories. Where one's prefix begins with another's, the longer one wins.
    private static func clashes(of upstreams: [UpstreamConfiguration], in section: ConfigurationSection) -> [String] {
        upstreams.enumerated().compactMap { index, upstream in
            guard let other = upstreams[..<index].first(where: { $0.prefix == upstream.prefix }) else { return nil }
            return section.message(
                at: upstream.name,
                "'\(other.name)' and '\(upstream.name)' have the same prefix, '\(upstream.prefix)'"
            )
        }
    }
}

extension ConfigurationFormat<TagTTL> {
    static var tagTTL: Self {
        let time = ConfigurationFormat<Duration>.duration(.zero ... .seconds(3660 * 86_400))
        return ConfigurationFormat(
            allowed: "'immutable' or \(time.allowed)",
            parse: { text in text == "immutable" ? .immutable : time.parse(text).map { .time($0) } },
            text: { ttl in
                switch ttl {
                case .immutable: "immutable"
                case .time(let duration): time.text(duration)
                }
            }
        )
    }
}

extension ConfigurationFormat<String> {
    /// The beginning of repositories' names, or nothing.
    static var path: Self {
        ConfigurationFormat(
            allowed: "the beginning of repositories' names, as docker.io or team/mirror",
            parse: { text in text.isEmpty || (try? RepositoryName(text)) != nil ? text : nil },
            text: { $0 }
        )
    }
}
