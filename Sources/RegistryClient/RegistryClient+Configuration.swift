import AsyncHTTPClient
import Credentials
import FoundationEssentials
import ImageSpec
import NIOCore

extension RegistryClient {
    /// What a client allows a registry.
    package struct Configuration: Sendable {
        /// In bytes; the distribution-spec asks for at least 4 MiB.
        package var maximumManifestSize = 4 << 20
        /// How many redirects of one request are followed.
        package var maximumRedirects = 5
        package var retries = RetryPolicy()
        package var ranges = RangePolicy()
        /// Where upload sessions are remembered, so that the next process goes on with them; nil for nowhere.
        package var uploads: (any UploadMemory)?
        /// Finds what there is to prove to a host who we are, for a repository there or for all; asked only when
        /// that host's registry wants to know.
        package var credentials: @Sendable (RegistryHost, RepositoryName?) async throws -> Credential? = { _, _ in nil }
        /// Told of each credential that the registry refused. When there is somebody to tell, credentials are looked for
        /// anew each time one is needed: they may change, and whoever gives them remembers them.
        package var onRefusal: (@Sendable (Credential) async -> Void)?
        /// Waits before each request to the registry until it may be sent.
        package var beforeRequest: (@Sendable () async throws -> Void)?
        /// Told how many pulls are left, by registries that say it.
        package var onRemainingPulls: (@Sendable (RemainingPulls) -> Void)?
        /// How long a registry may take to begin its answer once it has the whole request.
        package var answerTimeout: Duration = .seconds(6 * 3600)
        /// The connections; shared by all clients of the process unless another is given, which its owner shuts
        /// down.
        package var http: HTTPClient = RegistryClient.sharedHTTP

        package init() {}
    }

    /// Lives as long as the process, so it is never shut down.
    private static let sharedHTTP = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: httpConfiguration(connectTimeout: .seconds(10), idleTimeout: .seconds(60))
    )

    /// Connections of a client's own.
    ///
    /// - Parameters:
    ///   - idleTimeout: how long a registry may be silent in the middle of an answer.
    ///   - proxy: the HTTP proxy that they go through, as `http://host:port`; nil for none.
    /// - Throws: ``RegistryClientError/invalidProxy(_:)``.
    package static func makeHTTP(
        connectTimeout: TimeAmount,
        idleTimeout: TimeAmount,
        proxy: String? = nil
    ) throws -> HTTPClient {
        var configuration = httpConfiguration(connectTimeout: connectTimeout, idleTimeout: idleTimeout)
        if let proxy {
            guard let proxy = HTTPProxy(proxy) else { throw RegistryClientError.invalidProxy(proxy) }
            configuration.proxy = .server(host: proxy.host, port: proxy.port)
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private static func httpConfiguration(
        connectTimeout: TimeAmount,
        idleTimeout: TimeAmount
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            // Followed here, where it is known what may be sent to another host.
            redirectConfiguration: .disallow,
            timeout: .init(connect: connectTimeout, read: idleTimeout, write: idleTimeout)
        )
        // A connection for each layer: one stream of HTTP/2 is slower than one of TCP.
        configuration.httpVersion = .http1Only
        // How many there are is decided where it is known what for; none may wait for another to end.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
        // A refused connection is told at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}
