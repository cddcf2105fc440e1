import ConfigurationText
import ImageSpec
import Mirror
import SystemPackage
import Yams

/// A mirror's plan as a YAML file; `config/mirror.yaml` explains every key.
package struct MirrorPlanFile {
    /// In bytes.
    private static let maximumSize = 4 << 20
    private static let keys = ["defaults", "registries", "sources"]

    /// What a name without a registry means.
    let defaultRegistry: RegistryHost
    private let path: FilePath
    private var messages: [String] = []

    package init(_ path: FilePath, defaultRegistry: RegistryHost) {
        self.path = path
        self.defaultRegistry = defaultRegistry
    }

    /// Reads the plan.
    ///
    /// - Throws: ``ConfigurationErrors`` with everything that is wrong.
    package mutating func read() throws -> MirrorPlan {
        let text: String
        do {
            text = String(decoding: try BoundedFile.read(path, limit: Self.maximumSize), as: UTF8.self)
        } catch {
            throw ConfigurationErrors("can't read the plan '\(path)': \(error)")
        }
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch {
            throw ConfigurationErrors("\(path) is not YAML: \(error)")
        }
        guard let root, let sections = root.mapping else {
            throw ConfigurationErrors("\(path) should hold a plan with 'sources'")
        }
        let plan = plan(of: sections)
        guard messages.isEmpty else { throw ConfigurationErrors(messages) }
        return plan
    }

    private mutating func plan(of sections: Node.Mapping) -> MirrorPlan {
        check(sections, keys: Self.keys)
        var plan = MirrorPlan(entries: [])
        var defaults = MirrorSourceDraft()
        if let node = sections["defaults"] { apply(node, to: &defaults, isSource: false) }
        if let node = sections["registries"] { plan.limits = limits(of: node) }
        guard let sources = sections["sources"]?.sequence, !sources.isEmpty else {
            messages.append("\(path): 'sources' should be a list with one source at least")
            return plan
        }
        for node in sources {
            var draft = defaults
            let before = messages.count
            apply(node, to: &draft, isSource: true)
            guard messages.count == before else { continue }
            do {
                plan.entries.append(try draft.entry(defaultRegistry: defaultRegistry))
            } catch {
                complain(node, "\(error)")
            }
        }
        return plan
    }

    /// Sets what one source, or the defaults, say.
    private mutating func apply(_ node: Node, to draft: inout MirrorSourceDraft, isSource: Bool) {
        guard let mapping = node.mapping else {
            return complain(node, isSource ? "a source should have 'from' and 'to'" : "'defaults' should have keys")
        }
        let known = MirrorSourceDraft.keys.filter { isSource || $0.name != "from" }
        check(mapping, keys: known.map(\.name))
        for (name, value) in mapping {
            guard let key = known.first(where: { $0.name == name.string }) else { continue }
            do {
                try key.set(value, &draft)
            } catch let errors as ConfigurationErrors {
                for message in errors.messages { complain(value, message) }
            } catch {
                complain(value, "\(error)")
            }
        }
    }

    private mutating func limits(of node: Node) -> [RegistryHost: TrafficLimits] {
        guard let mapping = node.mapping else {
            complain(node, "'registries' should be registries' hosts, each with its limits")
            return [:]
        }
        var all: [RegistryHost: TrafficLimits] = [:]
        for (name, value) in mapping {
            guard let host = name.scalar.flatMap({ try? RegistryHost($0.string) }) else {
                complain(name, "'\(name.string ?? "?")' is not a registry's host")
                continue
            }
            guard let keys = value.mapping else {
                complain(value, "the limits of \(host) should be keys and values, as 'requests_per_second: 5'")
                continue
            }
            check(keys, keys: MirrorPlanValues.limits.map(\.name))
            var limits = TrafficLimits()
            for (name, value) in keys {
                guard let key = MirrorPlanValues.limits.first(where: { $0.name == name.string }) else { continue }
                do {
                    try key.set(value, &limits)
                } catch {
                    complain(value, "\(error)")
                }
            }
            all[host] = limits
        }
        return all
    }

    private mutating func check(_ mapping: Node.Mapping, keys: [String]) {
        for (name, _) in mapping where !keys.contains(name.string ?? "") {
            complain(name, NearestName.explanation(ofUnknownKey: name.string ?? "?", among: keys))
        }
    }

    private mutating func complain(_ node: Node, _ message: String) {
        messages.append(path.string + (node.mark.map { ":\($0.line)" } ?? "") + ": \(message)")
    }
}
