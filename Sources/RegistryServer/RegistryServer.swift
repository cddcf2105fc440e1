import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Registry
import ServiceLifecycle

/// Serves a ``Registry`` over HTTP, at one address or several.
package struct RegistryServer: Service {
    private let listeners: [ListenerService]
    /// What the server bears; can be changed while it runs.
    package let limits: LiveLimits
    private let readiness: Readiness
    private let logger: Logger

    /// - Parameters:
    ///   - accessLog: is told of each request at its end, on an event loop: it must not wait.
    ///   - onListening: called once, with the listeners' addresses in their order, when all of them accept connections.
    /// - Throws: ``CertificateError``.
    package init(
        registry: Registry,
        configuration: RegistryServerConfiguration,
        authentication: Authentication = Authentication(),
        readiness: Readiness,
        logger: Logger,
        instruments: ServerInstruments = ServerInstruments(),
        accessLog: @escaping @Sendable (AccessEntry) -> Void = { _ in },
        onListening: @escaping @Sendable ([SocketAddress]) -> Void
    ) throws {
        let limits = LiveLimits(configuration.limits)
        self.limits = limits
        self.readiness = readiness
        self.logger = logger
        let settings = ConnectionSettings(
            limits: limits,
            admission: Admission(limits: limits, instruments: instruments),
            instruments: instruments,
            origins: configuration.origins,
            accessLog: accessLog
        )
        let responder = Self.router(
            for: registry,
            configuration,
            authentication,
            readiness,
            RequestLimits(limits: limits, instruments: instruments)
        ).buildResponder()
        let listening = ListeningAddresses(count: configuration.listeners.count, whenAll: onListening)
        listeners = try configuration.listeners.enumerated().map { index, listener in
            let certificates = try listener.certificates.map { try LiveCertificates($0, logger: logger) }
            let application = Application(
                responder: responder,
                server: HTTPServerBuilder { responder in
                    ServerChannel(settings: settings, certificates: certificates, responder: responder)
                },
                configuration: ApplicationConfiguration(
                    address: .hostname(listener.host, port: listener.port),
                    serverName: "berthd"
                ),
                onServerRunning: { channel in
                    if let address = channel.localAddress { listening.add(address, at: index) }
                },
                logger: logger
            )
            return ListenerService(configuration: listener, certificates: certificates, application: application)
        }
    }

    /// Serves until the task's graceful shutdown, then until the requests under way have ended.
    ///
    /// - Throws: ``ListenError`` when one of the listeners can't be opened; the others are closed then.
    package func run() async throws {
        let watch = CertificateWatch(certificates: listeners.compactMap(\.certificates))
        let services = (listeners + [watch] as [any Service]).map { service in
            ServiceGroupConfiguration.ServiceConfiguration(
                service: service,
                failureTerminationBehavior: .gracefullyShutdownGroup
            )
        }
        try await withGracefulShutdownHandler {
            try await ServiceGroup(
                configuration: ServiceGroupConfiguration(services: services, logger: logger)
            ).run()
        } onGracefulShutdown: {
            readiness.drain()
        }
    }

    /// Reads all certificates again, for new connections.
    package func reloadCertificates() {
        for listener in listeners { listener.certificates?.reload() }
    }

    private static func router(
        for registry: Registry,
        _ configuration: RegistryServerConfiguration,
        _ authentication: Authentication,
        _ readiness: Readiness,
        _ requestLimits: RequestLimits
    ) -> Router<RegistryRequestContext> {
        let router = Router(context: RegistryRequestContext.self)
        router.add(middleware: RequestIDMiddleware())
        router.add(middleware: RequestOriginMiddleware(origins: configuration.origins))
        HealthRoutes(readiness: readiness).add(to: router)
        router.add(middleware: WireMiddleware())
        router.add(middleware: RequestLimitMiddleware(requestLimits: requestLimits))
        if let tokens = authentication.tokens {
            TokenRoutes(service: tokens, maximumURILength: configuration.limits.uriLength).add(to: router)
        }
        let gate = AdministrationGate(
            authenticator: RequestAuthenticator(access: registry.access, authentication: authentication),
            requestLimits: requestLimits
        )
        AuditRoutes(registry: registry, gate: gate).add(to: router)
        CacheRoutes(registry: registry, gate: gate).add(to: router)
        SetupRoutes(access: registry.access, audit: registry.audit).add(to: router)
        AdministrationRoutes(registry: registry, gate: gate).add(to: router)
        let routes = RegistryRoutes(
            registry: registry,
            authentication: authentication,
            requestLimits: requestLimits,
            maximumURILength: configuration.limits.uriLength
        )
        for method: HTTPRequest.Method in [.get, .head, .post, .put, .patch, .delete, .options] {
            router.on("/v2", method: method, use: routes.respond)
            router.on("/v2/**", method: method, use: routes.respond)
        }
        return router
    }

    /// All that the server answers, a method and a path each, as documentation writes them.
    package static func routes(of registry: Registry, _ authentication: Authentication) -> [String] {
        let configuration = RegistryServerConfiguration(listeners: [])
        let limits = LiveLimits(configuration.limits)
        let router = router(
            for: registry,
            configuration,
            authentication,
            Readiness(registry),
            RequestLimits(limits: limits, instruments: ServerInstruments())
        )
        let others = router.routes.filter { !$0.path.description.hasPrefix("/v2") }
        return RegistryPath.Kind.allCases.flatMap { kind in kind.methods.map { "\($0.rawValue) \(kind.rawValue)" } }
            + others.map { "\($0.method.rawValue) \($0.path)" }
    }
}
