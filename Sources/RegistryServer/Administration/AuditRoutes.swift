import Access
import Foundation
import HTTPTypes
import Hummingbird
import ImageSpec
import Registry
import Storage

/// The audit, for who administers the registry.
///
/// `GET /api/v1/audit` gives the newest entries first; with `after` those behind that id, the oldest first. `Link` leads
/// to the next page.
struct AuditRoutes: Sendable {
    private static let path = AdministrationRoutes.root + "/audit"
    private static let usualLength = 100
    private static let maximumLength = 1000

    let registry: Registry
    let gate: AdministrationGate

    func add(to router: Router<RegistryRequestContext>) {
        for method: HTTPRequest.Method in [.get, .head] {
            router.on(RouterPath(Self.path), method: method) { request, context in
                try await gate.admit(request, context) { try await list(request, $0) }
            }
        }
    }

    private func list(_ request: Request, _ context: RegistryRequestContext) async throws -> Response {
        try registry.requireAdministrator(context.caller)
        let query = try Self.query(request)
        let entries = try await registry.auditEntries(query, as: context.caller)
        var response = try AdministrationRoutes.json(AuditPage(entries: entries.map(AuditPage.Entry.init)))
        if entries.count == query.limit, let last = entries.last {
            response.headers[.link] = "<\(Self.nextPage(after: last, query, request))>; rel=\"next\""
        }
        return response
    }

    /// The same address with another beginning.
    private static func nextPage(after last: AuditEntry, _ query: AuditQuery, _ request: Request) -> String {
        let others = (request.uri.query ?? "").split(separator: "&").filter { field in
            !field.hasPrefix("before=") && !field.hasPrefix("after=")
        }
        let next =
            switch query.page {
            case .before: "before=\(last.id)"
            case .after: "after=\(last.id)"
            }
        return "\(path)?" + (others.map(String.init) + [next]).joined(separator: "&")
    }

    private static func query(_ request: Request) throws -> AuditQuery {
        let fields = request.uri.queryParameters
        for (name, _) in fields where !Self.fields.contains(String(name)) {
            throw invalid("'\(name.prefix(40))' is none of \(Self.fields.joined(separator: ", "))")
        }
        var query = AuditQuery(limit: min(try number(fields["n"], "n").map(Int.init) ?? usualLength, maximumLength))
        guard query.limit > 0 else { throw invalid("'n' should be 1 at least") }
        if let id = try number(fields["before"], "before") { query.page = .before(id) }
        if let id = try number(fields["after"], "after") { query.page = .after(id) }
        query.actor = fields["actor"].map(String.init)
        query.action = try AdministrationRoutes.choice(fields["action"].map(String.init), "action")
        query.result = try AdministrationRoutes.choice(fields["result"].map(String.init), "result")
        do {
            query.repositories = try fields["repository"].map { try RepositoryPattern($0) }
        } catch {
            throw invalid("\(error)")
        }
        query.digest = try fields["digest"].map { try Digest($0) }
        query.since = try time(fields["since"], "since")
        query.until = try time(fields["until"], "until")
        return query
    }

    private static let fields = [
        "n", "before", "after", "actor", "action", "result", "repository", "digest", "since", "until",
    ]

    private static func number(_ text: Substring?, _ name: String) throws(WireError) -> Int64? {
        guard let text else { return nil }
        guard let number = Int64(text), number >= 0 else { throw invalid("'\(name)' should be a number") }
        return number
    }

    /// - Returns: milliseconds since 1970.
    private static func time(_ text: Substring?, _ name: String) throws(WireError) -> Int64? {
        guard let text else { return nil }
        for style in [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)] {
            if let date = try? style.parse(String(text)) { return Int64((date.timeIntervalSince1970 * 1000).rounded()) }
        }
        throw invalid("'\(name)' should be a time as 2026-05-01T12:30:00Z")
    }

    private static func invalid(_ message: String) -> WireError {
        WireError(.badRequest, .unsupported, message)
    }
}
