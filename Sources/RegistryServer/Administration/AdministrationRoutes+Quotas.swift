import Access
import Foundation
import HTTPTypes
import Hummingbird
import ImageSpec
import Registry
import Storage

extension AdministrationRoutes {
    func addQuotas(to router: Router<RegistryRequestContext>) {
        on(.get, "/quotas", router) { administration, _, _ in
            try Self.json(try await administration.quotas().map { QuotaView($0) })
        }
        on(.put, "/quotas", router) { administration, request, _ in
            let order = try await Orders.read(QuotaOrder.self, from: request)
            try await administration.setQuota(
                Quota(
                    namespace: try order.namespace.map { try RepositoryName($0) },
                    bytes: order.bytes,
                    repositories: order.repositories
                )
            )
            return Self.nothing
        }
        on(.delete, "/quotas", router) { administration, request, _ in
            let namespace = try Self.query("namespace", request).map { try RepositoryName($0) }
            try await administration.removeQuota(of: namespace)
            return Self.nothing
        }
        on(.get, "/audit", router) { administration, request, _ in
            try Self.json(try await administration.audit(try Self.auditQuery(request)).map { AuditView($0) })
        }
    }

    private static func auditQuery(_ request: Request) throws -> AuditQuery {
        var query = AuditQuery(limit: min(Int(try number("n", request) ?? 100), 1000))
        if let after = try number("after", request) {
            query.page = .after(after)
        } else {
            query.page = .before(try number("before", request))
        }
        query.actor = Self.query("actor", request)
        query.action = try choice(Self.query("action", request), "action")
        query.result = try choice(Self.query("result", request), "result")
        query.repositories = try pattern(request)
        query.digest = try Self.query("digest", request).map { try Digest($0) }
        query.since = try moment("since", request)
        query.until = try moment("until", request)
        return query
    }

    private static func number(_ name: String, _ request: Request) throws -> Int64? {
        guard let text = query(name, request) else { return nil }
        guard let number = Int64(text), number >= 0 else {
            throw WireError(.badRequest, .unsupported, "'\(name)' should be a number from 0 on")
        }
        return number
    }

    /// In milliseconds since 1970.
    private static func moment(_ name: String, _ request: Request) throws -> Int64? {
        guard let text = query(name, request) else { return nil }
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw WireError(.badRequest, .unsupported, "'\(name)' should be a time as 2026-01-31T12:00:00Z")
        }
        return Int64(date.timeIntervalSince1970 * 1000)
    }

    private struct QuotaOrder: AdministrationOrder {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case namespace
            case bytes
            case repositories
        }

        /// Left out for the whole registry.
        let namespace: String?
        let bytes: Int64?
        let repositories: Int?
    }

    private struct QuotaView: Encodable {
        let namespace: String?
        let bytes: Int64?
        let repositories: Int?
        let bytesUsed: Int64
        let repositoriesUsed: Int

        enum CodingKeys: String, CodingKey {
            case namespace
            case bytes
            case repositories
            case bytesUsed = "bytes_used"
            case repositoriesUsed = "repositories_used"
        }

        init(_ use: QuotaUse) {
            namespace = use.quota.namespace?.rawValue
            bytes = use.quota.bytes
            repositories = use.quota.repositories
            bytesUsed = use.bytes
            repositoriesUsed = use.repositories
        }
    }
}
