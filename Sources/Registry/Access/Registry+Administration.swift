import Access
import ImageSpec

/// What is done with the registry as a whole, by who administers it.
extension Registry {
    /// - Throws: ``RegistryError/loginRequired(_:)``, ``RegistryError/administrationDenied``.
    package func requireAdministrator(_ caller: Caller) throws(RegistryError) {
        let policy = access.policy
        if policy.isAdministrator(caller.identity) { return }
        guard caller.identity != .anonymous else { throw .loginRequired(Scope(.all, .administer)) }
        audit.note(caller.auditEntry(.access, .denied, detail: "administer the registry"))
        throw .administrationDenied
    }

    /// Makes a change that isn't a repository's content, and keeps in the audit who made it, or tried to.
    ///
    /// Unlike that of a repository's content the entry is kept behind the change; both are durable when this returns.
    ///
    /// - Parameter reference: what is changed: an account's name, a pattern of repositories, a namespace.
    /// - Throws: what `change` throws.
    package func audited<Value>(
        _ action: AuditAction,
        repository: RepositoryName? = nil,
        reference: String?,
        detail: String? = nil,
        as caller: Caller,
        _ change: () async throws -> Value
    ) async throws -> Value {
        let value: Value
        do {
            value = try await change()
        } catch {
            audit.note(
                caller.auditEntry(
                    action,
                    .failed,
                    repository: repository,
                    reference: reference,
                    detail: String("\(error)".prefix(200))
                )
            )
            throw error
        }
        try await audit.append(
            caller.auditEntry(action, repository: repository, reference: reference, detail: detail)
        )
        return value
    }
}
