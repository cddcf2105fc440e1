import ImageSpec

/// Who did what, or tried to, to what, from where, and what came of it. There is never a secret in it.
package struct AuditEntry: Sendable, Hashable {
    /// The order in which entries were kept; 0 before it is.
    package var id: Int64
    /// In milliseconds since 1970.
    package var time: Int64
    package var actor: AuditActor
    package var action: AuditAction
    package var result: AuditResult
    package var repository: RepositoryName?
    /// A tag; or what else the action was done to, such as an account's name or a pattern of repositories.
    package var reference: String?
    package var digest: Digest?
    /// The client's, without the port.
    package var clientAddress: String?
    package var requestID: String?
    /// What else there is to know, in a few words.
    package var detail: String?

    package init(
        id: Int64 = 0,
        time: Int64,
        actor: AuditActor,
        action: AuditAction,
        result: AuditResult = .succeeded,
        repository: RepositoryName? = nil,
        reference: String? = nil,
        digest: Digest? = nil,
        clientAddress: String? = nil,
        requestID: String? = nil,
        detail: String? = nil
    ) {
        self.id = id
        self.time = time
        self.actor = actor
        self.action = action
        self.result = result
        self.repository = repository
        self.reference = reference
        self.digest = digest
        self.clientAddress = clientAddress
        self.requestID = requestID
        self.detail = detail
    }
}
