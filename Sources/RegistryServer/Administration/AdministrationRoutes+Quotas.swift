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
