import Access
import HTTPTypes
import Hummingbird
import NIOCore
import Registry

/// Where the first administrator is made, by the secret in the server's log: a page for people, and what it sends to.
///
/// While there is an account, neither is there.
struct SetupRoutes: Sendable {
    let access: AccessControl
    let audit: AuditLog

    func add(to router: Router<RegistryRequestContext>) {
        router.get("/setup", use: page)
        router.post("/auth/setup", use: setUp)
    }

    @Sendable private func page(_ request: Request, _ context: RegistryRequestContext) async throws -> Response {
        guard access.isBeingSetUp else { throw Self.ended }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                .contentSecurityPolicy: SetupPage.policy, .referrerPolicy: "no-referrer",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: SetupPage.text))
        )
    }

    @Sendable private func setUp(_ request: Request, _ context: RegistryRequestContext) async throws -> Response {
        guard access.isBeingSetUp else { throw Self.ended }
        let order = try await Orders.read(Order.self, from: request)
        let name = try AccountName(order.name)
        try await access.setUp(by: order.secret, name, password: order.password)
        try await audit.append(
            context.caller.auditEntry(
                .addAccount,
                reference: name.rawValue,
                detail: "administrator, by the first administrator's secret"
            )
        )
        context.logger.notice("the first administrator was made", metadata: ["name": "\(name)"])
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    private static var ended: WireError { WireError(.notFound, .unsupported, "there is no such endpoint") }

    private struct Order: AdministrationOrder {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case secret
            case name
            case password
        }

        let secret: String
        let name: String
        let password: String
    }
}
