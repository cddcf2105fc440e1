import ConfigurationText
import Foundation
import Yams

/// The keys and values of a YAML file, before anything is known of them.
struct ConfigurationFile {
    struct Entry {
        let name: String
        /// nil when it isn't a single value.
        let text: String?
        let node: Node
        /// Counted from 1; 0 when the parser doesn't say.
        let line: Int
    }

    let path: String
    let entries: [Entry]

    /// - Throws: ``ConfigurationErrors`` for a file that can't be read or isn't a mapping in YAML.
    init(_ path: String) throws {
        self.path = path
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ConfigurationErrors("can't read the configuration '\(path)': \(error.localizedDescription)")
        }
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch {
            throw ConfigurationErrors("\(path) is not YAML: \(error)")
        }
        guard let root else {
            entries = []
            return
        }
        guard let mapping = root.mapping else {
            throw ConfigurationErrors("\(path) should hold keys and values, as 'listen: 127.0.0.1:5000'")
        }
        entries = mapping.map { name, value in
            Entry(name: name.string ?? "?", text: value.scalar?.string, node: value, line: name.mark?.line ?? 0)
        }
    }
}
