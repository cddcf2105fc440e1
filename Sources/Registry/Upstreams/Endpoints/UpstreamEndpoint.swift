import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import Logging
import NIOCore
import RegistryClient

/// A place where an upstream's content is to be had, and the way to speak to it.
final class UpstreamEndpoint: Sendable {
    let configuration: UpstreamEndpointConfiguration
    /// Its host, for logs and metrics; with the port and the path where it has them.
    let name: String
    /// Tries again once and no more: there may be others to ask.
    let client: RegistryClient
    private let http: HTTPClient
    private let requests: RateLimit?
    private let bytes: RateLimit?

    private static let connectTimeout = TimeAmount.seconds(5)
    /// How long it may be silent in the middle of an answer.
    private static let idleTimeout = TimeAmount.seconds(15)

    /// - Throws: ``RegistryClientError/invalidAddress(_:)``, ``RegistryClientError/unusableCertificate(file:reason:)``.
    init(_ configuration: UpstreamEndpointConfiguration, of upstream: RegistryHost, logger: Logger) throws {
        self.configuration = configuration
        let address = try RegistryAddress(configuration.address)
        name = address.host.rawValue + (address.path.isEmpty ? "" : "/\(address.path)")
        var endpoint = try RegistryEndpoint(address.host, scheme: address.scheme)
        endpoint.repositoryPrefix = address.path.isEmpty ? "" : "\(address.path)/"
        endpoint.security = configuration.security
        requests = configuration.requestRate.map { RateLimit($0, burst: .seconds(1)) }
        bytes = configuration.byteRate.map { RateLimit(Double($0)) }
        let http = try RegistryClient.makeHTTP(
            connectTimeout: Self.connectTimeout,
            idleTimeout: Self.idleTimeout,
            proxy: configuration.proxy
        )
        self.http = http
        var client = RegistryClient.Configuration()
        client.retries.maximumAttempts = 2
        client.retries.longestRetryAfter = .zero
        client.answerTimeout = .seconds(60)
        client.http = http
        let source = UpstreamCredentialSource(configuration.credentials, host: endpoint.host, logger: logger)
        client.credentials = { _, _ in try await source.credential() }
        client.onRefusal = { credential in await source.refused(credential) }
        do {
            self.client = try RegistryClient(registry: upstream, at: endpoint, configuration: client)
        } catch {
            http.shutdown { _ in }
            throw error
        }
    }

    /// A client that asks as somebody else does, with nothing of ours; it is good for one question.
    func client(for credential: BasicCredential) throws -> RegistryClient {
        var configuration = client.configuration
        configuration.credentials = { _, _ in
            .password(username: credential.username, password: credential.password)
        }
        configuration.onRefusal = nil
        return try RegistryClient(registry: client.registry, at: client.endpoint, configuration: configuration)
    }

    /// Whether it is believed in what a tag stands for.
    var isTrusted: Bool { configuration.isTrusted }

    /// Returns when it may be sent one more request.
    ///
    /// - Parameter patience: the longest time that is waited; nil for any.
    /// - Throws: ``RateLimitReached``; `CancellationError`.
    func admitRequest(within patience: Duration? = nil) async throws {
        try await requests?.admit(within: patience)
    }

    /// Whether it could send more than it is asked for: that it brings nothing says nothing of it.
    var isHeldBack: Bool { requests?.isHoldingBack == true || bytes?.isHoldingBack == true }

    /// Returns when so many more bytes may come from it.
    func admit(_ byteCount: Int) async throws {
        try await bytes?.admit(byteCount)
    }

    /// Ends its connections; it can't be used after.
    func close() async {
        try? await http.shutdown()
    }
}
