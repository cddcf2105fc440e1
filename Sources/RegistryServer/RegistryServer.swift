import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Registry
import ServiceLifecycle

/// Serves a ``Registry`` over HTTP.
package struct RegistryServer: Service {
    private let application: Application<RouterResponder<RegistryRequestContext>>
    /// What the server bears; can be changed while it runs.
    package let limits: LiveLimits
    private let readiness: Readiness
    private let address: (host: String, port: Int)

    /// - Parameters:
    ///   - tokens: gives tokens to clients; nil when nobody needs any.
    ///   - accessLog: is told of each request at its end, on an event loop: it must not wait.
    ///   - onListening: called with the address once connections are accepted.
    package init(
        registry: Registry,
        configuration: RegistryServerConfiguration,
        readiness: Readiness,
        logger: Logger,
        instruments: ServerInstruments = ServerInstruments(),
        tokens: TokenService? = nil,
        accessLog: @escaping @Sendable (AccessEntry) -> Void = { _ in },
        onListening: @escaping @Sendable (SocketAddress) -> Void
    ) {
        let limits = LiveLimits(configuration.limits)
        let admission = Admission(limits: limits, instruments: instruments)
        self.limits = limits
        self.readiness = readiness
        address = (configuration.host, configuration.port)
        application = Application(
            router: Self.router(for: registry, configuration, readiness, tokens),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: Self.handlers(limits, admission, instruments, accessLog),
                    idleTimeout: TimeAmount(configuration.limits.idleTime),
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
        try await withGracefulShutdownHandler {
            let (host, port) = address
            try await ListenError.naming(host, port) { try await application.run() }
        } onGracefulShutdown: {
            readiness.drain()
        }
    }

    /// A connection's own handlers, the one next to the codec first.
    private static func handlers(
        _ limits: LiveLimits,
        _ admission: Admission,
        _ instruments: ServerInstruments,
        _ accessLog: @escaping @Sendable (AccessEntry) -> Void
    ) -> [any RemovableChannelHandler] {
        let current = limits.current
        var handlers: [any RemovableChannelHandler] = [
            ConnectionEndInstaller(),
            SendFileHandler(),
            RequestObservationHandler(instruments: instruments, record: accessLog),
            AdmissionHandler(admission: admission, headerTime: TimeAmount(current.headerTime)),
        ]
        if let rate = current.minimumRate {
            handlers.append(TransferRateHandler(minimumRate: rate, slowTime: TimeAmount(current.slowTime)))
        }
        return handlers + [ContinueHandler(), HeaderOverflowHandler(), DrainHandler(limits: limits)]
    }

    private static func router(
        for registry: Registry,
        _ configuration: RegistryServerConfiguration,
        _ readiness: Readiness,
        _ tokens: TokenService?
    ) -> Router<RegistryRequestContext> {
        let router = Router(context: RegistryRequestContext.self)
        router.add(middleware: RequestIDMiddleware())
        HealthRoutes(readiness: readiness).add(to: router)
        router.add(middleware: WireMiddleware())
        if let tokens {
            TokenRoutes(service: tokens, maximumURILength: configuration.limits.uriLength).add(to: router)
        }
        let routes = RegistryRoutes(registry: registry, maximumURILength: configuration.limits.uriLength)
        for method: HTTPRequest.Method in [.get, .head, .post, .put, .patch, .delete, .options] {
            router.on("/v2", method: method, use: routes.respond)
            router.on("/v2/**", method: method, use: routes.respond)
        }
        return router
    }
}
