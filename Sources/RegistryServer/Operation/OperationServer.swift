import Hummingbird
import HummingbirdCore
import Instruments
import Logging
import NIOCore
import ServiceLifecycle

/// Serves what operators ask, at a listener of its own: `/metrics`, `/livez` and `/readyz`.
package struct OperationServer: Service {
    private let application: Application<RouterResponder<BasicRequestContext>>
    private let address: (host: String, port: Int)

    /// - Parameter metrics: writes all there is to be measured.
    package init(
        host: String,
        port: Int,
        readiness: Readiness,
        logger: Logger,
        metrics: @escaping @Sendable (inout MetricsText) async -> Void
    ) {
        address = (host, port)
        let router = Router(context: BasicRequestContext.self)
        HealthRoutes(readiness: readiness).add(to: router)
        router.get("/metrics") { _, _ in
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

    package func run() async throws {
        let (host, port) = address
        try await ListenError.naming(host, port) { try await application.run() }
    }
}
