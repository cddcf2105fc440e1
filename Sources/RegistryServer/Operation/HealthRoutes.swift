import HTTPTypes
import Hummingbird
import NIOCore

/// `/livez`: the process answers. `/readyz`: it should be sent requests.
struct HealthRoutes: Sendable {
    let readiness: Readiness

    func add<Context: RequestContext>(to router: Router<Context>) {
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/livez", method: method) { _, _ in Self.answer(.ok, "ok") }
            router.on("/readyz", method: method) { _, _ in
                switch await readiness.state() {
                case .ready: Self.answer(.ok, "ok")
                case .notReady(let reason): Self.answer(.serviceUnavailable, reason)
                }
            }
        }
    }

    private static func answer(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n"))
        )
    }
}
