import Access
import ImageSpec

/// What callers may see and change of accounts, of what they may do, and of what namespaces may hold.
///
/// Administrators may do all of it. Who administers a repository says who may use it, and how; people make tokens of
/// their own; a robot rotates its own secret. What was changed is in the audit before the caller is told.
package struct Administration: Sendable {
    let registry: Registry
    let caller: Caller

    package init(_ registry: Registry, as caller: Caller) {
        self.registry = registry
        self.caller = caller
    }

    var access: AccessControl { registry.access }

    /// - Throws: ``RegistryError/loginRequired(_:)``, ``RegistryError/administrationDenied``.
    func requireAdministrator() throws(RegistryError) {
        try registry.requireAdministrator(caller)
    }

    /// - Throws: as ``requireAdministrator()``, for who doesn't administer all repositories that `pattern` can mean: where it
    ///   isn't one repository's name, none but an administrator does.
    func requireAdministration(of pattern: RepositoryPattern) throws(RegistryError) {
        guard caller.identity != .anonymous, let name = try? RepositoryName(pattern.text),
            access.policy.actions(of: caller.identity, on: name).contains(.administer)
        else { return try requireAdministrator() }
    }

    /// What somebody is told who may not.
    var refusal: RegistryError {
        caller.identity == .anonymous ? .loginRequired(Scope(.all, .administer)) : .administrationDenied
    }

    /// The caller's account, when they came as themselves: not by a token that allows less.
    var own: Account? {
        guard case .account(let name, nil, _) = caller.identity else { return nil }
        return access.policy.accounts[name]
    }

    /// Keeps in the audit that something was done.
    func record(
        _ action: AuditAction,
        _ reference: String,
        repository: RepositoryName? = nil,
        detail: String? = nil
    ) async throws {
        try await registry.audit.append(
            caller.auditEntry(action, repository: repository, reference: reference, detail: detail)
        )
    }
}
