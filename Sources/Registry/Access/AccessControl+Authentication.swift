import Access
import Foundation

extension AccessControl: CredentialAuthenticator {
    /// What clients write for a user where the password says who they are.
    private static let namesForTokens: Set<String> = ["", "token", "<token>"]

    package func authenticate(
        _ credential: BasicCredential,
        from address: String
    ) async throws(AuthenticationError) -> Identity {
        if TokenSecret.isMeant(by: credential.password) { return try identity(by: credential) }
        // What can't be anybody's name costs nothing, for it tells nothing: everybody knows what names look like.
        guard let name = try? AccountName(credential.username) else { throw .wrongCredential }
        let (policy, nobodysHash) = policyAndNobodysHash
        let hash = Self.passwordHash(of: name, by: policy)
        let isRight = try await passwords.isRight(
            credential.password,
            of: name.rawValue,
            hash ?? nobodysHash,
            from: address
        )
        // Meanwhile the account may have gone, or have got another password.
        guard isRight, let hash, Self.passwordHash(of: name, by: self.policy) == hash else { throw .wrongCredential }
        return .account(name)
    }

    /// How often a password was hashed since the start, which is what a login costs.
    package var passwordHashCount: Int { passwords.hashCount }

    /// The account that an access token's secret proves; its 256 bits of chance can't be guessed, so nobody counts.
    private func identity(by credential: BasicCredential) throws(AuthenticationError) -> Identity {
        let policy = policy
        guard let secret = TokenSecret(credential.password), let token = policy.tokens[secret.hash] else {
            throw .wrongCredential
        }
        let isMeant = Self.namesForTokens.contains(credential.username) || credential.username == token.owner.rawValue
        guard isMeant, !token.isExpired(at: Self.now), policy.accounts[token.owner]?.isEnabled == true else {
            throw .wrongCredential
        }
        return .account(token.owner, scopes: token.scopes, tokenID: token.id)
    }

    private static func passwordHash(of name: AccountName, by policy: AccessPolicy) -> String? {
        guard let account = policy.accounts[name], account.isEnabled, account.kind == .person else { return nil }
        return account.passwordHash
    }

    /// In seconds since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970) }
}
