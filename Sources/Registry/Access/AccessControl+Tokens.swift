import Access

extension AccessControl {
    /// How many of a kind an account may have.
    private static let maximumTokens = 200
    /// In characters.
    private static let maximumNameLength = 128
    private static let maximumScopes = 50
    /// A hundred years.
    private static let maximumLifetime = Duration.seconds(100 * 366 * 86_400)

    /// Tokens in the order in which they were made.
    ///
    /// - Parameter owner: nil for everybody's.
    package func tokens(of owner: AccountName?) -> [AccessToken] {
        policy.tokens.values
            .filter { owner == nil || $0.owner == owner }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// - Throws: ``AccessControlError/tokenUnknown(_:)``.
    package func token(_ id: String) throws(AccessControlError) -> AccessToken {
        guard let token = policy.tokensByID[id] else {
            throw .tokenUnknown(String(id.prefix(64)))
        }
        return token
    }

    /// Makes an access token for a person, or for a client that one has logged in with.
    ///
    /// - Parameters:
    ///   - kind: personal or refresh. Of refresh tokens the oldest end where there are too many.
    ///   - scopes: what it allows at most; nil for all that the owner may.
    ///   - lifetime: nil for until it is revoked.
    /// - Throws: ``AccessControlError``, ``StorageError``.
    package func makeToken(
        _ kind: AccessToken.Kind,
        for owner: AccountName,
        name: String,
        scopes: [Scope]?,
        lifetime: Duration?
    ) async throws -> NewToken {
        let account = try account(owner)
        guard account.kind == .person, kind != .robot else { throw AccessControlError.notPerson(owner) }
        let new = try Self.newToken(kind, for: owner, name: name, scopes: scopes, lifetime: lifetime)
        if kind == .refresh {
            _ = try await metadata.removeTokens(of: owner, [.refresh], keeping: Self.maximumTokens - 1)
        } else if tokens(of: owner).count(where: { $0.kind == kind }) >= Self.maximumTokens {
            throw AccessControlError.tooManyTokens(limit: Self.maximumTokens)
        }
        guard try await metadata.addToken(new.token, needsAccount: !isInPasswordFile(owner)) else {
            throw AccessControlError.accountUnknown(owner)
        }
        try await reload()
        return new
    }

    /// Ends a token at once, and all that was made from it.
    ///
    /// - Throws: ``AccessControlError/tokenUnknown(_:)``.
    package func revokeToken(_ id: String) async throws {
        guard try await metadata.removeToken(id) else {
            throw AccessControlError.tokenUnknown(String(id.prefix(64)))
        }
        try await reload()
    }

    /// Forgets tokens that have ended.
    package func removeEndedTokens() async throws {
        guard try await metadata.removeTokens(endedBefore: Self.now) > 0 else { return }
        try await reload()
    }

    static func newToken(
        _ kind: AccessToken.Kind,
        for owner: AccountName,
        name: String,
        scopes: [Scope]?,
        lifetime: Duration?
    ) throws(AccessControlError) -> NewToken {
        guard !name.isEmpty, name.count <= maximumNameLength, !name.contains(where: { $0.isNewline || $0 == "\0" })
        else {
            throw .tokenInvalid(reason: "a token's name should have 1 to \(maximumNameLength) characters in a line")
        }
        if let scopes {
            guard (1...maximumScopes).contains(scopes.count), scopes.allSatisfy({ !$0.actions.isEmpty }) else {
                throw .tokenInvalid(
                    reason: "a token can have 1 to \(maximumScopes) scopes, each with an action or more"
                )
            }
        }
        if let lifetime {
            guard lifetime > .zero, lifetime <= maximumLifetime else {
                throw .tokenInvalid(reason: "a token's life should be longer than none and shorter than a century")
            }
        }
        let secret = TokenSecret(kind)
        let token = AccessToken(
            id: identifier(),
            kind: kind,
            owner: owner,
            name: name,
            hash: secret.hash,
            scopes: scopes,
            createdAt: now,
            expiresAt: lifetime.map { now + max(1, $0.components.seconds) }
        )
        return NewToken(secret: secret, token: token)
    }

    /// 80 bits of chance, in the digits that nobody mistakes for each other.
    private static func identifier() -> String {
        let digits = Array("0123456789abcdefghjkmnpqrstvwxyz")
        return String((0..<16).map { _ in digits[Int.random(in: 0..<digits.count)] })
    }
}
