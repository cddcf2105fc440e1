import ConfigurationText
import Yams

/// A mapping within the configuration file: its keys are taken one by one, and those that nobody took are errors.
struct ConfigurationSection {
    let file: String
    /// What it is, for messages, such as `upstreams.docker.io`.
    let name: String
    private let values: [(key: String, node: Node, line: Int)]
    private var known: [String] = []
    private(set) var messages: [String] = []

    init(_ node: Node, in file: String, name: String) {
        self.file = file
        self.name = name
        guard let mapping = node.mapping else {
            values = []
            // A name alone leaves everything to the defaults.
            if let text = node.scalar?.string, ["", "~", "null"].contains(text) { return }
            messages.append("\(file):\(node.mark?.line ?? 0): '\(name)' should hold keys and values")
            return
        }
        values = mapping.map { ($0.string ?? "?", $1, $0.mark?.line ?? 0) }
    }

    /// The keys, in their order, for a mapping whose keys are names of the operator's choice.
    var entries: [(key: String, node: Node)] { values.map { ($0.key, $0.node) } }

    mutating func node(_ key: String) -> Node? {
        known.append(key)
        return values.last { $0.key == key }?.node
    }

    /// Sets `value` to what the key has, if it is there.
    mutating func take<Value>(_ key: String, _ format: ConfigurationFormat<Value>, into value: inout Value) {
        guard let node = node(key) else { return }
        guard let text = node.scalar?.string else { return fail(node, "'\(name).\(key)' should be a single value") }
        guard let parsed = format.parse(text) else {
            return fail(node, "'\(name).\(key)' should be \(format.allowed), not '\(text)'")
        }
        value = parsed
    }

    /// The text that the key has; nil when it isn't there.
    mutating func text(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        guard let text = node.scalar?.string, !text.isEmpty else {
            fail(node, "'\(name).\(key)' should be a single value")
            return nil
        }
        return text
    }

    /// The list of texts that the key has; a single one is a list of one.
    mutating func texts(_ key: String) -> [String]? {
        guard let node = node(key) else { return nil }
        if let text = node.scalar?.string { return [text] }
        guard let texts = node.sequence?.map({ $0.scalar?.string }), texts.allSatisfy({ $0 != nil }) else {
            fail(node, "'\(name).\(key)' should be a list of values")
            return nil
        }
        return texts.compactMap { $0 }
    }

    /// The items of the list that the key has.
    mutating func items(_ key: String) -> [Node] {
        guard let node = node(key) else { return [] }
        guard let items = node.sequence else {
            fail(node, "'\(name).\(key)' should be a list")
            return []
        }
        return Array(items)
    }

    mutating func fail(_ node: Node?, _ message: String) {
        let line = node?.mark?.line ?? values.first?.line ?? 0
        messages.append("\(file):\(line): \(message)")
    }

    /// A message about the key, with its place.
    func message(at key: String, _ text: String) -> String {
        "\(file):\(values.last { $0.key == key }?.line ?? 0): \(text)"
    }

    /// What is wrong with it, the keys that nobody took included.
    func finished() -> [String] {
        messages
            + values.filter { !known.contains($0.key) }.map { value in
                let explanation = NearestName.explanation(ofUnknownKey: value.key, among: known)
                return "\(file):\(value.line): in '\(name)': \(explanation)"
            }
    }
}
