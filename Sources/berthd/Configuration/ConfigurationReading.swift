import ConfigurationText
import Foundation
import Yams

/// A configuration read from its sources, and where each of its values came from.
struct ConfigurationReading: Sendable {
    private(set) var configuration = ServeConfiguration()
    /// By key; a key that nobody set has its default.
    private(set) var sources: [String: String] = [:]

    /// Reads `file`, when there is one, then the environment, then `flags`, by the names of their keys: what comes
    /// later wins.
    ///
    /// - Throws: ``ConfigurationErrors`` with everything that is wrong.
    init(
        file: String?,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        flags: [String: String] = [:]
    ) throws {
        var messages: [String] = []
        if let file = try file.map(ConfigurationFile.init) {
            for entry in file.entries {
                let place = entry.line > 0 ? "\(file.path):\(entry.line)" : file.path
                if let problems = takeSection(entry, of: file.path) {
                    sources[entry.name] = place
                    messages += problems
                    continue
                }
                guard let key = ServeConfiguration.keys.first(where: { $0.name == entry.name }) else {
                    let known = ServeConfiguration.keys.map(\.name) + Self.sectionKeys
                    let explanation = NearestName.explanation(ofUnknownKey: entry.name, among: known)
                    messages.append("\(place): \(explanation)")
                    continue
                }
                guard let text = entry.text else {
                    messages.append("\(place): '\(key.name)' should be a single value")
                    continue
                }
                take(text, for: key, from: place, &messages)
            }
        }
        for key in ServeConfiguration.keys {
            if let text = environment[key.variable] { take(text, for: key, from: key.variable, &messages) }
            if let text = flags[key.name] { take(text, for: key, from: "--\(key.name)", &messages) }
        }
        if let name = configuration.defaultUpstream, !configuration.upstreams.contains(where: { $0.name == name }) {
            let source = sources["default_upstream"] ?? "default_upstream"
            messages.append("\(source): 'default_upstream' should be the name of one of the upstreams, not '\(name)'")
        }
        messages += configuration.listenerMistakes
        messages += clashingIssuers.map {
            "two of 'token_issuer', 'oidc' and 'external_tokens' have the issuer '\($0)'"
        }
        guard messages.isEmpty else { throw ConfigurationErrors(messages) }
    }

    /// The keys that hold more than a single value.
    private static let upstreamsKey = "upstreams"
    private static let mirrorsKey = "mirrors"
    private static let listenersKey = "listeners"
    private static let identityProvidersKey = "oidc"
    private static let externalTokensKey = "external_tokens"
    private static let sectionKeys = [
        upstreamsKey, mirrorsKey, listenersKey, identityProvidersKey, externalTokensKey,
    ]

    /// Reads a key that holds more than a single value.
    ///
    /// - Returns: what is wrong with it; nil for another key.
    private mutating func takeSection(_ entry: ConfigurationFile.Entry, of file: String) -> [String]? {
        switch entry.name {
        case Self.upstreamsKey:
            let reading = UpstreamReading(entry.node, in: file)
            configuration.upstreams = reading.upstreams
            return reading.messages
        case Self.mirrorsKey:
            let reading = ScheduledMirrorReading(entry.node, in: file)
            configuration.mirrors = reading.mirrors
            return reading.messages
        case Self.listenersKey:
            let reading = ListenerSettingsReading(entry.node, in: file)
            configuration.listeners = reading.listeners
            return reading.messages
        case Self.identityProvidersKey:
            let reading = IdentityProviderReading(entry.node, in: file)
            configuration.identityProviders = reading.providers
            return reading.messages
        case Self.externalTokensKey:
            let reading = ExternalTokenReading(entry.node, in: file)
            configuration.externalTokens = reading.services
            return reading.messages
        default:
            return nil
        }
    }

    private mutating func take(
        _ text: String,
        for key: ConfigurationKey,
        from source: String,
        _ messages: inout [String]
    ) {
        do {
            try key.set(text, &configuration)
            sources[key.name] = source
        } catch {
            messages.append("\(source): '\(key.name)' should be \(error.allowed), not '\(error.text)'")
        }
    }
}

extension ConfigurationReading {
    /// A token's issuer must tell whose keys and rules it is judged by.
    private var clashingIssuers: [String] {
        let issuers =
            [configuration.tokens.issuer] + configuration.identityProviders.map(\.issuer)
            + configuration.externalTokens.map(\.issuer)
        return Dictionary(grouping: issuers) { $0 }.filter { $1.count > 1 }.keys.sorted()
    }
}

extension ConfigurationReading: CustomStringConvertible {
    private var tokenLines: [String] {
        Self.lines("oidc", configuration.identityProviders.map(\.node))
            + Self.lines("external_tokens", configuration.externalTokens.map(\.node))
    }

    private static func lines(_ key: String, _ nodes: [Node]) -> [String] {
        guard !nodes.isEmpty else { return [] }
        let text = (try? serialize(node: Node(nodes), width: -1, allowUnicode: true)) ?? ""
        return ["\(key):"] + text.split(separator: "\n").map { "  \($0)" }
    }

    private var upstreamLines: [String] {
        guard !configuration.upstreams.isEmpty else { return [] }
        let node = Node(configuration.upstreams.map { (Node($0.name), $0.node) })
        let text = (try? serialize(node: node, width: -1, allowUnicode: true)) ?? ""
        return ["upstreams:  # \(sources[Self.upstreamsKey] ?? "")"]
            + text.split(separator: "\n").map { "  \($0)" }
    }

    private var listenerLines: [String] {
        guard !configuration.listeners.isEmpty else { return [] }
        let node = Node(configuration.listeners.map(\.node))
        let text = (try? serialize(node: node, width: -1, allowUnicode: true)) ?? ""
        return ["listeners:  # \(sources[Self.listenersKey] ?? "")"] + text.split(separator: "\n").map { "  \($0)" }
    }

    /// The scheduled mirrors as they may be written.
    private var mirrorLines: [String] {
        guard !configuration.mirrors.isEmpty else { return [] }
        let quoted = { (text: String) in "'" + text.replacing("'", with: "''") + "'" }
        return ["mirrors:"]
            + configuration.mirrors.map { mirror in
                "  - {plan: \(quoted(mirror.plan)), schedule: \(quoted(mirror.text)), "
                    + "zone: \(mirror.schedule.zone.rawValue), jitter: \(mirror.schedule.jitter.unitText)}"
            }
    }

    /// The whole configuration as a file, with each value's source.
    var description: String {
        let settings = ServeConfiguration.keys.map { ("\($0.name): \($0.text(configuration))", sources[$0.name]) }
        let width = settings.map(\.0.count).max() ?? 0
        let lines = settings.map { line, source in
            line + String(repeating: " ", count: width - line.count) + "  # \(source ?? "default")"
        }
        return (lines + listenerLines + upstreamLines + mirrorLines + tokenLines).joined(separator: "\n")
    }
}
