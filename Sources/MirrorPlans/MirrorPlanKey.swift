import ConfigurationText
import Yams

/// One thing that a plan says of a source, of its tags or of a registry.
struct MirrorPlanKey<Value>: Sendable {
    /// As in the file.
    let name: String
    let set: @Sendable (Node, inout Value) throws -> Void

    init(_ name: String, _ set: @escaping @Sendable (Node, inout Value) throws -> Void) {
        self.name = name
        self.set = set
    }

    /// - Parameters:
    ///   - allowed: what the key takes, as the rest of a sentence that begins with "should be".
    ///   - parse: nil for what is something else.
    init<Field>(
        _ name: String,
        _ path: WritableKeyPath<Value, Field> & Sendable,
        _ allowed: String,
        _ parse: @escaping @Sendable (Node) throws -> Field?
    ) {
        self.init(name) { node, value in
            guard let field = try parse(node) else { throw ConfigurationErrors("'\(name)' should be \(allowed)") }
            value[keyPath: path] = field
        }
    }
}
