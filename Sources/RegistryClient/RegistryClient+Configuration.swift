import AsyncHTTPClient
import Credentials
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
        /// Finds what there is to prove to a host who we are, for a repository there or for all; asked only when
        /// that host's registry wants to know.
        package var credentials: @Sendable (RegistryHost, RepositoryName?) async throws -> Credential? = { _, _ in nil }
        /// The connections; shared by all clients of the process unless another is given, which its owner shuts
        /// down.
        package var http: HTTPClient = RegistryClient.sharedHTTP

        package init() {}
    }

    /// Lives as long as the process, so it is never shut down.
    private static let sharedHTTP = makeHTTP(connectTimeout: .seconds(10), idleTimeout: .seconds(60))

    /// The connections that clients use.
    ///
    /// - Parameter idleTimeout: how long a registry may be silent in the middle of an answer.
    package static func makeHTTP(connectTimeout: TimeAmount, idleTimeout: TimeAmount) -> HTTPClient {
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
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
