import Access

extension AccessControl {
    /// What makes the first administrator's account; nil when there is any account, or none is needed.
    package var setupSecret: String? { isBeingSetUp ? setup.text : nil }

    /// Whether nobody can do anything here before there is an account.
    package var isBeingSetUp: Bool {
        let policy = policy
        return policy.accounts.isEmpty && !policy.isOpen && !configuration.hasIssuers
    }

    /// Makes the first account.
    ///
    /// - Throws: ``AccessControlError/setupEnded`` for a wrong secret, and when there is an account by now.
    package func setUp(by secret: String, _ name: AccountName, password: String) async throws {
        guard isBeingSetUp, setup.matches(secret) else { throw AccessControlError.setupEnded }
        try await addFirstAdministrator(name, password: password)
    }
}
