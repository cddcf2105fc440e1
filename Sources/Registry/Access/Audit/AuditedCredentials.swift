import Access

/// Has credentials verified, and tells the audit whose logins came to what.
package struct AuditedCredentials: CredentialAuthenticator {
    private let credentials: any CredentialAuthenticator
    private let access: AccessControl
    private let audit: AuditLog

    package init(_ credentials: any CredentialAuthenticator, access: AccessControl, audit: AuditLog) {
        self.credentials = credentials
        self.access = access
        self.audit = audit
    }

    package func authenticate(
        _ credential: BasicCredential,
        from address: String
    ) async throws(AuthenticationError) -> Identity {
        do {
            let identity = try await credentials.authenticate(credential, from: address)
            audit.note(entry(AuditActor(identity), .succeeded, from: address))
            return identity
        } catch {
            let name = knownName(in: credential)
            let reason =
                switch error {
                case .wrongCredential: name == nil ? "no such account, or a secret that is none" : "a wrong password"
                case .lockedOut: "too many have failed"
                case .busy: "too many at once"
                }
            audit.note(entry(AuditActor(kind: .unproven, name: name), .denied, reason, from: address))
            throw error
        }
    }

    /// What is no account's name isn't kept: it may be a password that was written in the wrong place.
    private func knownName(in credential: BasicCredential) -> String? {
        guard let name = try? AccountName(credential.username) else { return nil }
        return access.policy.accounts[name]?.name.rawValue
    }

    private func entry(
        _ actor: AuditActor,
        _ result: AuditResult,
        _ detail: String? = nil,
        from address: String
    ) -> AuditEntry {
        AuditEntry(
            time: AuditEntry.now,
            actor: actor,
            action: .login,
            result: result,
            clientAddress: address,
            detail: detail
        )
    }
}
