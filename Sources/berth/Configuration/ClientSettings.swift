import ConfigurationText
import Glibc
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
                messages.append("\(place(of: name)): \(Self.unknown(name.string ?? "?"))")
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

    private static func unknown(_ name: String) -> String {
        let known = ClientConfiguration.keys.map(\.name)
        guard let nearest = NearestName.of(name, among: known) else {
            return "unknown key '\(name)'; known are: \(known.joined(separator: ", "))"
        }
        return "unknown key '\(name)'; did you mean '\(nearest)'?"
    }

    private static func text(of path: FilePath) throws -> String? {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            return try file.closeAfter {
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 16 << 10)
                while case let count = try buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                    bytes += buffer[..<count]
                    guard bytes.count <= maximumSize else { throw Errno.fileTooLarge }
                }
                return String(decoding: bytes, as: UTF8.self)
            }
        } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
            return nil
        } catch Errno.permissionDenied where access(path.string, F_OK) != 0 {
            // A folder that can't be looked into is another user's: HOME may be that of who started us.
            return nil
        } catch {
            throw ConfigurationErrors("can't read the configuration '\(path)': \(error)")
        }
    }
}
