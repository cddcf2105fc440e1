import Access
import Foundation

/// An entry of the audit, as answers write it.
struct AuditView: Encodable {
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
    let client: String?
    let requestID: String?
    let detail: String?

    enum CodingKeys: String, CodingKey {
        case id
        case time
        case actor
        case actorKind = "actor_kind"
        case token
        case action
        case result
        case repository
        case reference
        case digest
        case client
        case requestID = "request_id"
        case detail
    }

    init(_ entry: AuditEntry) {
        id = entry.id
        time = Date(timeIntervalSince1970: TimeInterval(entry.time) / 1000)
            .formatted(.iso8601.time(includingFractionalSeconds: true))
        actor = entry.actor.name
        actorKind = entry.actor.kind.rawValue
        token = entry.actor.tokenID
        action = entry.action.rawValue
        result = entry.result.rawValue
        repository = entry.repository?.rawValue
        reference = entry.reference
        digest = entry.digest?.description
        client = entry.clientAddress
        requestID = entry.requestID
        detail = entry.detail
    }
}
