import Access
import Foundation
import HTTPTypes
import Hummingbird
import ImageSpec
import NIOCore
import Registry
import Storage

/// The addresses below `/api/v1` by which accounts, and what they may do, are managed: `berth` does so by them.
///
/// ``Administration`` decides who may do what; here requests are read and answers written.
struct AdministrationRoutes: Sendable {
    static let root = "/api/v1"

    typealias Answer = @Sendable (Administration, Request, RegistryRequestContext) async throws -> Response

    let registry: Registry
    let gate: AdministrationGate

    func add(to router: Router<RegistryRequestContext>) {
        addAccounts(to: router)
        addTokens(to: router)
        addRepositories(to: router)
        addQuotas(to: router)
    }

    /// Adds what answers a method at a path below ``root``.
    func on(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ router: Router<RegistryRequestContext>,
        _ answer: @escaping Answer
    ) {
        router.on(RouterPath(Self.root + path), method: method) { request, context in
            try await gate.admit(request, context) { context in
                // Before anything is read of what somebody sent whom nobody knows.
                guard context.identity != .anonymous || registry.access.policy.isOpen else {
                    throw RegistryError.loginRequired(Scope(.all, .administer))
                }
                return try await answer(Administration(registry, as: context.caller), request, context)
            }
        }
    }
}

extension AdministrationRoutes {
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let body = try JSONEncoder.wire.encode(value)
        return Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }

    static let nothing = Response(status: .noContent)

    /// The account that a path names.
    static func account(_ context: RegistryRequestContext) throws -> AccountName {
        try AccountName(parameter("name", context))
    }

    static func group(_ context: RegistryRequestContext) throws -> GroupName {
        try GroupName(parameter("group", context))
    }

    static func parameter(_ name: String, _ context: RegistryRequestContext) throws -> String {
        let text = context.parameters.get(name) ?? ""
        return text.removingPercentEncoding ?? text
    }

    /// A part of the query; nil when it isn't there.
    static func query(_ name: String, _ request: Request) -> String? {
        request.uri.queryParameters[Substring(name)].map(String.init)
    }

    static func pattern(_ request: Request) throws -> RepositoryPattern? {
        try query("pattern", request).map { try RepositoryPattern($0) }
    }

    /// A time that begins now.
    static func duration(_ seconds: Int64?, _ name: String) throws -> Duration? {
        guard let seconds else { return nil }
        guard (0...10_000_000_000).contains(seconds) else {
            throw WireError(.badRequest, .unsupported, "'\(name)' should be a number of seconds")
        }
        return .seconds(seconds)
    }

    /// As answers write moments.
    static func text(ofSeconds seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}
