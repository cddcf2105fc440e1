import Hummingbird
import HummingbirdCore
import Instruments
import Logging
import NIOCore
import Registry
import ServiceLifecycle

/// Serves what operators ask, at a listener of its own: `/metrics`, `/livez` and `/readyz`.
package struct OperationServer: Service {
    private let application: Application<RouterResponder<RegistryRequestContext>>
    private let address: (host: String, port: Int)

    /// - Parameters:
    ///   - access: who may read the metrics: those who may read every repository; nil for whoever reaches the listener.
    ///   - metrics: writes all there is to be measured.
    package init(
        host: String,
        port: Int,
        readiness: Readiness,
        access: (control: AccessControl, authentication: Authentication)?,
        logger: Logger,
        metrics: @escaping @Sendable (inout MetricsText) async -> Void
    ) {
        address = (host, port)
        let router = Router(context: RegistryRequestContext.self)
        HealthRoutes(readiness: readiness).add(to: router)
        router.get("/metrics") { request, context in
            if let access { try await Self.check(request, context, access) }
            var text = MetricsText()
            await metrics(&text)
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text.text))
            )
        }
        application = Application(
            router: router,
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(60))),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "berthd"),
            logger: logger
        )
    }

    /// - Throws: an answer for who may not.
    private static func check(
        _ request: Request,
        _ context: RegistryRequestContext,
        _ access: (control: AccessControl, authentication: Authentication)
    ) async throws {
        let authenticator = RequestAuthenticator(access: access.control, authentication: access.authentication)
        var context = context
        let address = context.channel.remoteAddress?.ipAddress ?? ""
        await authenticator.identify(&context, by: request.headers, from: address)
        let identity = context.identity
        guard !access.control.policy.mayReadAll(as: identity) else { return }
        throw HTTPError(
            identity == .anonymous ? .unauthorized : .forbidden,
            headers: identity == .anonymous ? [.wwwAuthenticate: Challenge.basic()] : [:],
            message: "metrics are for those who may pull from every repository (a grant for '**')"
        )
    }

    package func run() async throws {
        let (host, port) = address
        try await ListenError.naming(host, port) { try await application.run() }
    }
}
