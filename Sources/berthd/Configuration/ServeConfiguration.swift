import Foundation
import Logging
import SystemPackage
import Yams

/// What `berthd serve` can be told, from a YAML file and the environment.
///
/// `config/berthd.yaml` explains every key.
struct ServeConfiguration {
    var listen: ListenAddress
    var data: FilePath
    var drainTime: Duration
    var logLevel: Logger.Level

    /// Reads `file`, when there is one, and then the environment: `drain_seconds` is also `BERTHD_DRAIN_SECONDS`.
    ///
    /// - Throws: ``StartError`` for a file that can't be read, an unknown key and a value that isn't valid.
    init(file: String?, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        var values = try file.map(Self.read) ?? [:]
        for key in Key.allCases {
            if let value = environment["BERTHD_\(key.rawValue.uppercased())"] { values[key] = value }
        }
        listen = try ListenAddress(values[.listen] ?? "127.0.0.1:5000")
        data = try Self.folder(values[.data] ?? Self.defaultData)
        drainTime = .seconds(try Self.number(values[.drainSeconds], of: .drainSeconds) ?? 10)
        logLevel = try values[.logLevel].map(Self.level) ?? .info
    }

    private enum Key: String, CaseIterable {
        case listen
        case data
        case drainSeconds = "drain_seconds"
        case logLevel = "log_level"
    }

    private static var defaultData: String {
        geteuid() == 0 ? "/var/lib/berthd" : NSHomeDirectory() + "/.local/share/berthd"
    }

    private static func read(_ path: String) throws -> [Key: String] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw StartError("can't read the configuration '\(path)': \(error.localizedDescription)")
        }
        guard let root = try node(in: text, of: path) else { return [:] }
        guard let mapping = root.mapping else { throw StartError("\(path) should hold keys and values") }
        var values: [Key: String] = [:]
        for (name, value) in mapping {
            let line = name.mark.map { ":\($0.line)" } ?? ""
            guard let key = name.string.flatMap(Key.init) else {
                let known = Key.allCases.map(\.rawValue).joined(separator: ", ")
                throw StartError("\(path)\(line): unknown key '\(name.string ?? "?")'; known are: \(known)")
            }
            guard let scalar = value.scalar?.string else {
                throw StartError("\(path)\(line): '\(key.rawValue)' should be a single value")
            }
            values[key] = scalar
        }
        return values
    }

    private static func node(in text: String, of path: String) throws -> Node? {
        do {
            return try compose(yaml: text)
        } catch {
            throw StartError("\(path) is not YAML: \(error)")
        }
    }

    /// - Throws: ``StartError`` when `path` is empty: it would mean whatever folder berthd was started in.
    static func folder(_ path: String) throws -> FilePath {
        guard !path.isEmpty else { throw StartError("the data folder's path is empty") }
        return FilePath(path)
    }

    private static func number(_ text: String?, of key: Key) throws -> Int? {
        guard let text else { return nil }
        guard let number = Int(text), (0...86_400).contains(number) else {
            throw StartError("'\(key.rawValue)' should be a number of seconds, not '\(text)'")
        }
        return number
    }

    private static func level(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw StartError("'log_level' should be one of \(known), not '\(text)'")
        }
        return level
    }
}
