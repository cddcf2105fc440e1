import ImageSpec
import SystemPackage

/// How each registry is reached: its mirrors, its certificates, and what proves to it who we are.
///
/// ```swift
/// let registries = Registries(configuration: configuration)
/// let result = try await registries.pulling(reference) { client in
///     try await store.pull(reference, from: client)
/// }
/// ```
package struct Registries: Sendable {
    /// How often a mirror is asked again: there is somebody else to ask.
    private static let attemptsPerMirror = 2

    /// What a name without a host means.
    package var defaultRegistry = RegistryHost.dockerHub
    /// Who is asked for a registry's content before itself, in order. A path stands before the repository's name.
    package var mirrors: [RegistryHost: [RegistryAddress]] = [:]
    /// Need not prove who they are, and are spoken to in plain HTTP when they don't speak TLS, as docker has it.
    package var insecureRegistries: Set<RegistryHost> = []
    /// Are spoken to in plain HTTP, as loopback hosts are.
    package var plainHTTPRegistries: Set<RegistryHost> = []
    /// Folders such as `/etc/docker/certs.d` and `/etc/containerd/certs.d`; the first that knows a host counts.
    package var hostsFolders: [FilePath] = []
    package var configuration: RegistryClient.Configuration

    package init(configuration: RegistryClient.Configuration) {
        self.configuration = configuration
    }

    /// A client for the registry itself.
    ///
    /// - Throws: ``RegistryClientError``.
    package func client(for host: RegistryHost) async throws -> RegistryClient {
        try await client(of: host, at: plan(for: host).origin, configuration)
    }

    /// A client to push by: for the first host that takes pushes, as containerd has it, else the registry itself.
    ///
    /// - Throws: ``RegistryClientError``.
    package func pushClient(for host: RegistryHost) async throws -> RegistryClient {
        let plan = try plan(for: host)
        let endpoint = plan.mirrors.first { $0.capabilities.contains(.push) } ?? plan.origin
        return try await client(of: host, at: endpoint, configuration)
    }

    /// Runs `body` with a client for a mirror of the registry that `reference` names, and when that fails for the next,
    /// and at last for the registry itself.
    ///
    /// Content is proven by its digest wherever it comes from; which digest a tag stands for, a mirror is believed.
    ///
    /// - Parameter onFailure: told of each mirror that couldn't do it.
    /// - Throws: what `body` throws for the registry itself, and at once what is not about a registry.
    package func pulling<Value>(
        _ reference: ImageReference,
        onFailure: (RegistryEndpoint, any Error) -> Void = { _, _ in },
        _ body: (RegistryClient) async throws -> Value
    ) async throws -> Value {
        let plan = try plan(for: reference.host)
        let needed: RegistryEndpoint.Capabilities = reference.digest == nil ? [.pull, .resolve] : .pull
        var impatient = configuration
        impatient.retries.maximumAttempts = min(impatient.retries.maximumAttempts, Self.attemptsPerMirror)
        for mirror in plan.mirrors where mirror.capabilities.isSuperset(of: needed) {
            do {
                return try await body(client(of: reference.host, at: mirror, impatient))
            } catch let error where error is RegistryClientError || error is ImageSpecError {
                onFailure(mirror, error)
            }
        }
        return try await body(client(of: reference.host, at: plan.origin, configuration))
    }

    /// The places where a registry's content is.
    struct Plan: Sendable, Equatable {
        var mirrors: [RegistryEndpoint]
        var origin: RegistryEndpoint
    }

    func plan(for host: RegistryHost) throws -> Plan {
        var plan = try plan(byFolderOf: host)
        let own = try mirrors[host, default: []].map { address in
            var mirror = try Self.origin(address.host, scheme: address.scheme, self)
            mirror.repositoryPrefix = address.path.isEmpty ? "" : "\(address.path)/"
            mirror.capabilities = [.pull, .resolve]
            mirror.namespace = host
            return mirror
        }
        plan.mirrors.insert(contentsOf: own, at: 0)
        return plan
    }

    /// The registry itself, as its folder and the lists of hosts say.
    private static func origin(
        _ host: RegistryHost,
        scheme: RegistryEndpoint.Scheme?,
        _ registries: Registries
    ) throws -> RegistryEndpoint {
        var origin = try registries.plan(byFolderOf: host).origin
        if let scheme {
            let settled = origin
            origin = try RegistryEndpoint(host, scheme: scheme)
            origin.security = settled.security
        }
        return origin
    }

    private func plan(byFolderOf host: RegistryHost) throws -> Plan {
        let folder = try HostsFolder.find(host, in: hostsFolders)
        switch folder?.content {
        case nil:
            return Plan(mirrors: [], origin: try origin(host, security: nil))
        case .certificates(let security):
            // What holds for all hosts says nothing of this machine's own.
            let isMeant = folder?.isOwn == true || !host.isLoopback
            return Plan(mirrors: [], origin: try origin(host, security: isMeant ? security : nil))
        case .hosts(let file):
            let mirrors = try file.hosts.map { entry in
                var mirror = try entry.endpoint()
                if mirror.host != host { mirror.namespace = host }
                return mirror
            }
            return Plan(mirrors: mirrors, origin: try origin(host, server: file.server))
        }
    }

    private func origin(_ host: RegistryHost, server: HostEntry?) throws -> RegistryEndpoint {
        guard let server else { return try origin(host, security: nil) }
        guard server.address.isEmpty else { return try server.endpoint() }
        let security = server.security == EndpointSecurity() ? nil : server.security
        var origin = try origin(host, security: security)
        origin.capabilities = server.capabilities
        origin.headers = server.headers
        return origin
    }

    /// - Parameter security: nil when nothing is said about it; a host of which something is said speaks TLS.
    private func origin(_ host: RegistryHost, security: EndpointSecurity?) throws -> RegistryEndpoint {
        let scheme: RegistryEndpoint.Scheme? =
            if plainHTTPRegistries.contains(host) {
                .http
            } else if security != nil || insecureRegistries.contains(host) {
                .https
            } else {
                nil
            }
        var origin = try RegistryEndpoint(host, scheme: scheme)
        if let security { origin.security = security }
        if insecureRegistries.contains(host) { origin.security.skipsVerification = true }
        return origin
    }

    private func client(
        of registry: RegistryHost,
        at endpoint: RegistryEndpoint,
        _ configuration: RegistryClient.Configuration
    ) async throws -> RegistryClient {
        let client = try RegistryClient(registry: registry, at: endpoint, configuration: configuration)
        guard
            insecureRegistries.contains(endpoint.host), endpoint.root.scheme == RegistryEndpoint.Scheme.https.rawValue,
            try await !client.answers()
        else { return client }
        return try RegistryClient(registry: registry, at: endpoint.inPlainHTTP(), configuration: configuration)
    }
}
