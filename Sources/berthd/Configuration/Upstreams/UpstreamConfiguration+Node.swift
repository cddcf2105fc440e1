import Registry
import Yams

extension UpstreamConfiguration {
    /// All that holds for the upstream, as the configuration file has it.
    var node: Node {
        let time = ConfigurationFormat<Duration>.duration(.zero ... .zero)
        let ttl = ConfigurationFormat<TagTTL>.tagTTL
        var pairs: [(Node, Node)] = [
            ("prefix", Node(prefix)),
            ("path", Node(path)),
            ("endpoints", Node(endpoints.map(\.node))),
            ("tag_ttl", Node(ttl.text(tagTTL))),
        ]
        if !tagRules.isEmpty {
            let rules = tagRules.map { rule in
                let pair: [(Node, Node)] = [("match", Node(rule.pattern.text)), ("ttl", Node(ttl.text(rule.ttl)))]
                return Node(pair)
            }
            pairs.append(("tags", Node(rules)))
        }
        pairs += [
            ("list_ttl", Node(time.text(listTTL))),
            ("stale_if_error", Node(time.text(staleIfError))),
            ("not_found_ttl", Node(time.text(notFoundTTL))),
            ("deleted_tags", Node(deletedTags.rawValue)),
            ("prefetch", Node("\(prefetch)")),
            ("authorize", Node(authorization.rawValue)),
        ]
        if !pins.isEmpty {
            pairs.append(("pins", Node(pins.map { Node("\($0.repository.text):\($0.tag.text)") })))
        }
        return Node(pairs)
    }
}
