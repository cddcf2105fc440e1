import ConfigurationText
import SystemPackage
import Yams

/// The keys and values of one configuration file of the client.
struct ClientSettings {
    /// In bytes.
    private static let maximumSize = 1 << 20

    private let path: FilePath
    private let mapping: Node.Mapping?

    /// Nil when there is no file.
    ///
    /// - Throws: ``ConfigurationErrors``.
    init?(_ path: FilePath) throws {
        self.path = path
        guard let text = try Self.text(of: path) else { return nil }
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch {
            throw ConfigurationErrors("\(path) is not YAML: \(error)")
        }
        mapping = root?.mapping
        guard root == nil || root?.null != nil || mapping != nil else {
            throw ConfigurationErrors("\(path) should hold keys and values, as 'jobs: 4'")
        }
    }

    /// Sets what the file sets.
    ///
    /// - Throws: ``ConfigurationErrors`` with everything that is wrong in the file.
    func apply(to configuration: inout ClientConfiguration) throws {
        var messages: [String] = []
        for (name, value) in mapping ?? [:] {
            guard let key = ClientConfiguration.keys.first(where: { $0.name == name.string }) else {
                let known = ClientConfiguration.keys.map(\.name)
                let explanation = NearestName.explanation(ofUnknownKey: name.string ?? "?", among: known)
                messages.append("\(place(of: name)): \(explanation)")
                continue
            }
            do {
                try key.set(value, &configuration)
            } catch {
                messages.append("\(place(of: name)): '\(key.name)' should be \(error.allowed)")
            }
        }
        guard messages.isEmpty else { throw ConfigurationErrors(messages) }
    }

    private func place(of node: Node) -> String {
        path.string + (node.mark.map { ":\($0.line)" } ?? "")
    }

    private static func text(of path: FilePath) throws -> String? {
        do {
            return try BoundedFile.readIfPresent(path, limit: maximumSize).map { String(decoding: $0, as: UTF8.self) }
        } catch {
            throw ConfigurationErrors("can't read the configuration '\(path)': \(error)")
        }
    }
}
