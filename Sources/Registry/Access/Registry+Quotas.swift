import Access
import ImageSpec
import Storage

extension Registry {
    /// All limits of namespaces, and how much of them is used.
    ///
    /// - Throws: ``RegistryError/administrationDenied``, ``RegistryError/loginRequired(_:)``.
    package func quotas(as caller: Caller) async throws -> [QuotaUse] {
        try requireAdministrator(caller)
        return try await metadata.quotas()
    }

    /// Sets the limits of a namespace. What is held already beyond a new limit stays.
    ///
    /// - Throws: as ``quotas(as:)``.
    package func setQuota(_ quota: Quota, as caller: Caller) async throws {
        try requireAdministrator(caller)
        let bytes = quota.bytes.map { "\($0)" } ?? "any"
        let repositories = quota.repositories.map { "\($0)" } ?? "any"
        try await audited(
            .setQuota,
            reference: quota.namespace?.rawValue,
            detail: "bytes: \(bytes), repositories: \(repositories)",
            as: caller
        ) { try await metadata.setQuota(quota) }
    }

    /// - Returns: whether the namespace had limits.
    /// - Throws: as ``quotas(as:)``.
    package func removeQuota(of namespace: RepositoryName?, as caller: Caller) async throws -> Bool {
        try requireAdministrator(caller)
        guard try await metadata.quotas().contains(where: { $0.quota.namespace == namespace }) else { return false }
        return try await audited(.removeQuota, reference: namespace?.rawValue, as: caller) {
            try await metadata.removeQuota(of: namespace)
        }
    }

    /// A page of the audit.
    ///
    /// - Throws: as ``quotas(as:)``.
    package func auditEntries(_ query: AuditQuery, as caller: Caller) async throws -> [AuditEntry] {
        try requireAdministrator(caller)
        return try await audit.entries(query)
    }
}
