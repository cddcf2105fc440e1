import Access

extension AccessControl {
    /// In the order of their subjects, then of their patterns.
    package var grants: [Grant] {
        policy.grants
            .flatMap { subject, scopes in scopes.map { Grant(subject, $0) } }
            .sorted {
                ($0.subject.description, $0.scope.pattern.text) < ($1.subject.description, $1.scope.pattern.text)
            }
    }

    /// Grants something; what the subject was granted for the same pattern before ends.
    ///
    /// - Throws: ``AccessControlError/accountUnknown(_:)`` for a subject that there isn't;
    ///   ``AccessControlError/grantInvalid(reason:)``.
    package func grant(_ grant: Grant) async throws {
        if case .account(let name) = grant.subject { _ = try account(name) }
        let actions = grant.scope.actions
        guard !actions.isEmpty else {
            throw AccessControlError.grantInvalid(reason: "a grant should have an action or more")
        }
        if grant.subject == .everyone, !actions.isSubset(of: [.pull, .push]) {
            throw AccessControlError.grantInvalid(reason: "everyone can be granted pull and push at most")
        }
        try await metadata.setGrant(grant)
        try await reload()
    }

    /// - Throws: ``AccessControlError/grantUnknown(_:_:)``.
    package func revokeGrant(to subject: GrantSubject, on pattern: RepositoryPattern) async throws {
        guard try await metadata.removeGrant(to: subject, on: pattern) else {
            throw AccessControlError.grantUnknown(subject, pattern)
        }
        try await reload()
    }
}
