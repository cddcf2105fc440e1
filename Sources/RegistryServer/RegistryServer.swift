import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Registry
import ServiceLifecycle

/// Serves a ``Registry`` over HTTP.
package struct RegistryServer: Service {
    private let application: Application<RouterResponder<RegistryRequestContext>>

    /// - Parameters:
    ///   - accessLog: is told of each request at its end, on an event loop: it must not wait.
    ///   - onListening: called with the address once connections are accepted.
    package init(
        registry: Registry,
        configuration: RegistryServerConfiguration,
        logger: Logger,
        instruments: ServerInstruments = ServerInstruments(),
        accessLog: @escaping @Sendable (AccessEntry) -> Void = { _ in },
        onListening: @escaping @Sendable (SocketAddress) -> Void
    ) {
        let drainTime = TimeAmount(configuration.limits.drainTime)
        let idleTime = TimeAmount(configuration.limits.idleTime)
        application = Application(
            router: Self.router(for: registry, configuration),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [
                        SendFileHandler(stallTime: idleTime),
                        RequestObservationHandler(instruments: instruments, record: accessLog),
                        ContinueHandler(), HeaderOverflowHandler(), DrainHandler(drainTime: drainTime),
                    ],
                    idleTimeout: idleTime,
                    httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                        maxHeaderFieldSize: configuration.limits.headerSize,
                        maxHeaderListSize: configuration.limits.headerSize
                    )
                )
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                serverName: "berthd"
            ),
            onServerRunning: { channel in
                if let address = channel.localAddress { onListening(address) }
            },
            logger: logger
        )
    }

    /// Serves until the task's graceful shutdown, then until the requests under way have ended.
    package func run() async throws {
        try await application.run()
    }

    private static func router(
        for registry: Registry,
        _ configuration: RegistryServerConfiguration
    ) -> Router<RegistryRequestContext> {
        let router = Router(context: RegistryRequestContext.self)
        router.add(middleware: RequestIDMiddleware())
        router.add(middleware: WireMiddleware())
        let routes = RegistryRoutes(registry: registry, maximumURILength: configuration.limits.uriLength)
        for method: HTTPRequest.Method in [.get, .head, .post, .put, .patch, .delete, .options] {
            router.on("/v2", method: method, use: routes.respond)
            router.on("/v2/**", method: method, use: routes.respond)
        }
        return router
    }
}
