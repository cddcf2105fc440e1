import Access
import ImageSpec
import Storage

/// Whether the caller may do it, which is asked before anything else is.
extension Registry {
    /// The name to look things up by on behalf of somebody who wants to read `repository`: one that nothing has when they
    /// may not. So they are told what those are told who ask for what isn't there, and after the same work.
    ///
    /// - Throws: ``RegistryError/loginRequired(_:)`` where a login may help.
    func readable(_ repository: RepositoryName, as caller: Caller) throws(RegistryError) -> RepositoryName {
        let policy = access.policy
        if policy.actions(of: caller.identity, on: repository).contains(.pull) { return repository }
        try checkLogin(.pull, on: repository, as: caller, by: policy)
        noteDenied(.pull, on: repository, as: caller)
        return Self.nowhere
    }

    /// Whether the caller may know that there is such a repository.
    func mayRead(_ repository: RepositoryName, as caller: Caller) -> Bool {
        access.policy.actions(of: caller.identity, on: repository).contains(.pull)
    }

    /// - Throws: ``RegistryError/loginRequired(_:)``, ``RegistryError/denied(_:on:)``: the same whether or not there is such
    ///   a repository.
    func require(_ actions: Actions, on repository: RepositoryName, as caller: Caller) throws(RegistryError) {
        let policy = access.policy
        if policy.actions(of: caller.identity, on: repository).isSuperset(of: actions) { return }
        try checkLogin(actions, on: repository, as: caller, by: policy)
        noteDenied(actions, on: repository, as: caller)
        throw .denied(actions, on: repository)
    }

    /// Lets the audit tell what somebody wanted who is known and may not; those whom nobody knows are asked to log in.
    private func noteDenied(_ actions: Actions, on repository: RepositoryName, as caller: Caller) {
        audit.note(caller.auditEntry(.access, .denied, repository: repository, detail: "\(actions)"))
    }

    /// - Throws: as ``require(_:on:as:)``, and ``RegistryError/creationDenied(_:)``.
    func requirePush(to repository: RepositoryName, as caller: Caller) async throws {
        try require(.push, on: repository, as: caller)
        guard !access.policy.mayCreate(repository, as: caller.identity) else { return }
        guard try await metadata.tags(in: repository, after: nil, limit: 1) != nil else {
            noteDenied(.push, on: repository, as: caller)
            throw RegistryError.creationDenied(repository)
        }
    }

    /// Whoever is nobody yet is asked to log in, and so is the bearer of a token that was made for less than its owner
    /// may: a client makes a wider one.
    private func checkLogin(
        _ actions: Actions,
        on repository: RepositoryName,
        as caller: Caller,
        by policy: AccessPolicy
    ) throws(RegistryError) {
        let couldDo = policy.actions(of: policy.widest(caller.identity), on: repository)
        guard caller.identity == .anonymous || couldDo.isSuperset(of: actions) else { return }
        throw .loginRequired(Scope(RepositoryPattern(repository), actions))
    }

    /// A name that no repository has.
    private static let nowhere = RepositoryName.random()
}
