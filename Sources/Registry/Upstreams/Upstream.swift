import ImageSpec
import Logging
import RegistryClient

/// A registry whose repositories are cached here, and the places where its content is to be had.
final class Upstream: Sendable {
    let configuration: UpstreamConfiguration
    /// In the order of preference.
    let sources: [UpstreamSource]

    /// - Throws: ``RegistryClientError`` for an endpoint that can't be used as it is configured.
    init(_ configuration: UpstreamConfiguration, logger: Logger) throws {
        self.configuration = configuration
        let host = try RegistryHost(configuration.name)
        sources = try configuration.endpoints.enumerated().map { index, endpoint in
            UpstreamSource(try UpstreamEndpoint(endpoint, of: host, logger: logger), index: index)
        }
    }

    var name: String { configuration.name }

    /// Ends the connections; it can't be used after.
    func close() async {
        for source in sources { await source.endpoint.close() }
    }

    /// The repository's name at the upstream, for one that is `name` here; nil when it is none of this upstream's.
    func remoteName(of name: RepositoryName) -> RepositoryName? {
        let prefix = configuration.prefix.isEmpty ? "" : configuration.prefix + "/"
        guard name.rawValue.hasPrefix(prefix) else { return nil }
        let path = configuration.path.isEmpty ? "" : configuration.path + "/"
        return try? RepositoryName(path + name.rawValue.dropFirst(prefix.count))
    }

    /// The repository's name here, for one that clients of the upstream know as `name`; nil when it is outside of what
    /// is cached.
    func localName(of name: RepositoryName) -> RepositoryName? {
        let path = configuration.path.isEmpty ? "" : configuration.path + "/"
        guard name.rawValue.hasPrefix(path) else { return nil }
        let prefix = configuration.prefix.isEmpty ? "" : configuration.prefix + "/"
        return try? RepositoryName(prefix + name.rawValue.dropFirst(path.count))
    }

    /// How long a request waits for its turn at an endpoint before another one is asked.
    private static let patience = Duration.seconds(5)

    /// Asks one endpoint after the other until one answers.
    ///
    /// - Parameters:
    ///   - isTrust: whether only those are asked that are believed in whatever they say.
    ///   - credential: what to ask with; nil for our own.
    ///   - body: gets a client; nil says that the endpoint has no such thing.
    /// - Returns: nil when those that answered have no such thing.
    /// - Throws: ``UpstreamFailure``.
    func ask<Value>(
        trusted isTrust: Bool,
        as credential: BasicCredential? = nil,
        _ body: (RegistryClient) async throws -> Value?
    ) async throws -> Value? {
        var failures: [UpstreamFailure] = []
        var hasAnswered = false
        for source in sources where !isTrust || source.endpoint.isTrusted {
            guard source.tryToBegin() else {
                failures.append(UpstreamFailure(paused: source, of: name))
                continue
            }
            do {
                try await source.endpoint.admitRequest(within: Self.patience)
                let value = try await body(credential.map(source.endpoint.client) ?? source.endpoint.client)
                source.update { $0.succeeded() }
                if let value { return value }
                hasAnswered = true
            } catch let error as CancellationError {
                source.note(error)
                throw error
            } catch {
                source.note(error)
                if (error as? RegistryClientError)?.isNotFound == true {
                    hasAnswered = true
                } else {
                    failures.append(UpstreamFailure(error, at: source, of: name))
                }
            }
        }
        guard let failure = failures.max(by: { $0.significance < $1.significance }) else { return nil }
        // The first trusted one's word that there is no such thing is good, though another one can't be asked.
        if hasAnswered, !isTrust || failures.allSatisfy({ !$0.isFirst }) { return nil }
        throw failure
    }
}
