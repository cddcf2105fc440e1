import ImageSpec
import RegistryClient
import Sandbox
import SystemPackage
import Yams

/// One thing that the client's configuration can say.
struct ClientConfigurationKey: Sendable {
    /// What the key takes, as the rest of a sentence that begins with "should be".
    struct WrongValue: Error {
        let allowed: String
    }

    /// As in the file.
    let name: String
    let set: @Sendable (Node, inout ClientConfiguration) throws(WrongValue) -> Void

    init<Value>(
        _ name: String,
        _ path: WritableKeyPath<ClientConfiguration, Value> & Sendable,
        _ allowed: String,
        _ parse: @escaping @Sendable (Node) -> Value?
    ) {
        self.name = name
        set = { (node, configuration) throws(WrongValue) in
            guard let value = parse(node) else { throw WrongValue(allowed: allowed) }
            configuration[keyPath: path] = value
        }
    }
}

extension ClientConfiguration {
    /// Every key: a new one needs a line here and one in `config/berth.yaml`.
    static let keys: [ClientConfigurationKey] = [
        ClientConfigurationKey("default_registry", \.defaultRegistry, "a registry's host, as docker.io", host),
        ClientConfigurationKey("jobs", \.jobs, "a number from 1 to 64") { node in
            node.int.flatMap { (1...64).contains($0) ? $0 : nil }
        },
        ClientConfigurationKey(
            "mirrors",
            \.mirrors,
            "registries' hosts, each with a list of addresses, as 'docker.io: [https://mirror.example]'",
            mirrors
        ),
        ClientConfigurationKey("insecure_registries", \.insecureRegistries, hostList, hosts),
        ClientConfigurationKey("plain_http_registries", \.plainHTTPRegistries, hostList, hosts),
        ClientConfigurationKey("allow_nondistributable_artifacts", \.foreignLayerRegistries, hostList, hosts),
        ClientConfigurationKey("runtime", \.runtime, "a runtime's name or absolute path, or berth", runtime),
        ClientConfigurationKey("hosts_folders", \.hostsFolders, "a list of folders' absolute paths", folders),
    ]

    private static let hostList = "a list of registries' hosts, as [registry.example:5000]"

    @Sendable private static func host(_ node: Node) -> RegistryHost? {
        guard let text = node.scalar?.string, let host = try? RegistryHost(text) else { return nil }
        return host
    }

    @Sendable private static func hosts(_ node: Node) -> Set<RegistryHost>? {
        list(node, of: host).map { Set($0) }
    }

    @Sendable private static func runtime(_ node: Node) -> String?? {
        guard let name = node.scalar?.string, !name.isEmpty else { return nil }
        return .some(name == RuntimeProgram.ownName ? nil : name)
    }

    @Sendable private static func folders(_ node: Node) -> [FilePath]? {
        list(node) { node in
            node.scalar.map { FilePath($0.string) }.flatMap { $0.isAbsolute ? $0 : nil }
        }
    }

    @Sendable private static func mirrors(_ node: Node) -> [RegistryHost: [RegistryAddress]]? {
        guard let mapping = node.mapping else { return nil }
        var mirrors: [RegistryHost: [RegistryAddress]] = [:]
        for (name, value) in mapping {
            let addresses = list(value) { node in
                node.scalar.flatMap { try? RegistryAddress($0.string) }
            }
            guard let host = host(name), let addresses else { return nil }
            mirrors[host] = addresses
        }
        return mirrors
    }

    private static func list<Element>(_ node: Node, of element: (Node) -> Element?) -> [Element]? {
        guard let sequence = node.sequence else { return nil }
        let elements = sequence.compactMap(element)
        return elements.count == sequence.count ? elements : nil
    }
}
