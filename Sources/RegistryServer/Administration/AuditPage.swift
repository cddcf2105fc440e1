import Access
import Foundation

/// A page of the audit as it is sent.
struct AuditPage: Encodable {
    struct Entry: Encodable {
        let id: Int64
        let time: String
        let actor: String?
        let actorKind: String
        let token: String?
        let action: String
        let result: String
        let repository: String?
        let reference: String?
        let digest: String?
        let clientAddress: String?
        let requestID: String?
        let detail: String?

        enum CodingKeys: String, CodingKey {
            case id, time, actor
            case actorKind = "actor_kind"
            case token, action, result, repository, reference, digest
            case clientAddress = "client_address"
            case requestID = "request_id"
            case detail
        }

        init(_ entry: AuditEntry) {
            id = entry.id
            let date = Date(timeIntervalSince1970: Double(entry.time) / 1000)
            time = date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            actor = entry.actor.name
            actorKind = entry.actor.kind.rawValue
            token = entry.actor.tokenID
            action = entry.action.rawValue
            result = entry.result.rawValue
            repository = entry.repository?.rawValue
            reference = entry.reference
            digest = entry.digest?.description
            clientAddress = entry.clientAddress
            requestID = entry.requestID
            detail = entry.detail
        }
    }

    let entries: [Entry]
}
