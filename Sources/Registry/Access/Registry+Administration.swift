import Access
import ImageSpec
import Storage

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

    /// A page of the audit.
    ///
    /// - Throws: as ``requireAdministrator(_:)``.
    package func auditEntries(_ query: AuditQuery, as caller: Caller) async throws -> [AuditEntry] {
        try requireAdministrator(caller)
        return try await audit.entries(query)
    }
}
