import Access
import Foundation
import ImageSpec

extension Caller {
    /// An entry of the audit about what the caller does now.
    package func auditEntry(
        _ action: AuditAction,
        _ result: AuditResult = .succeeded,
        repository: RepositoryName? = nil,
        reference: String? = nil,
        digest: Digest? = nil,
        detail: String? = nil
    ) -> AuditEntry {
        AuditEntry(
            time: AuditEntry.now,
            actor: AuditActor(identity),
            action: action,
            result: result,
            repository: repository,
            reference: reference,
            digest: digest,
            clientAddress: address,
            requestID: logger[metadataKey: "request_id"].map { "\($0)" },
            detail: detail
        )
    }
}

extension AuditEntry {
    /// In milliseconds since 1970.
    package static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
