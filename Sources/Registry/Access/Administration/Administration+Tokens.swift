import Access
import ImageSpec

extension Administration {
    package func addRobot(_ name: AccountName, lifetime: Duration?) async throws -> NewToken {
        try requireAdministrator()
        let new = try await access.addRobot(name, lifetime: lifetime)
        try await record(.addAccount, name.rawValue, detail: "a robot")
        return new
    }

    /// Gives a robot a new secret: for administrators, and for the robot itself by any secret that it has.
    package func rotateSecret(of name: AccountName, overlap: Duration?, lifetime: Duration?) async throws -> NewToken {
        if own?.name != name { try requireAdministrator() }
        let new = try await access.rotateSecret(
            of: name,
            overlap: overlap ?? AccessControl.usualOverlap,
            lifetime: lifetime
        )
        try await record(.rotateToken, name.rawValue, detail: new.token.id)
        return new
    }

    /// The caller's own tokens, in the order in which they were made.
    ///
    /// - Parameter owner: whose instead, for administrators.
    package func tokens(of owner: AccountName?) throws -> [AccessToken] {
        guard let owner, owner != own?.name else {
            guard let own else { throw refusal }
            return access.tokens(of: own.name)
        }
        try requireAdministrator()
        return access.tokens(of: owner)
    }

    /// Everybody's tokens, for administrators.
    package func allTokens() throws -> [AccessToken] {
        try requireAdministrator()
        return access.tokens(of: nil)
    }

    /// Makes an access token for the caller.
    ///
    /// A token that somebody made for a program can't make others: revoking it must end all that it gave.
    ///
    /// - Parameter owner: for whom instead, for administrators.
    package func makeToken(
        _ name: String,
        for owner: AccountName?,
        scopes: [Scope]?,
        lifetime: Duration?
    ) async throws -> NewToken {
        if owner == nil || owner == own?.name {
            guard own != nil else { throw refusal }
            guard isByLogin || access.policy.isAdministrator(caller.identity) else {
                throw refusal
            }
        } else {
            try requireAdministrator()
        }
        guard let owner = owner ?? own?.name else { throw refusal }
        let new = try await access.makeToken(.personal, for: owner, name: name, scopes: scopes, lifetime: lifetime)
        try await record(.addToken, owner.rawValue, detail: "\(new.token.id) \(new.token.name)")
        return new
    }

    /// Ends a token at once: the caller's own, or, for administrators, anybody's.
    package func revokeToken(_ id: String) async throws {
        let token = access.policy.tokensByID[id]
        let isOwn = own != nil && token?.owner == own?.name
        // A token may always end itself: who finds one can do that much good with it.
        guard isOwn || isTheToken(id) || access.policy.isAdministrator(caller.identity) else {
            // Others' tokens aren't there for those who may not see them.
            if caller.identity == .anonymous { throw refusal }
            throw AccessControlError.tokenUnknown(String(id.prefix(64)))
        }
        try await access.revokeToken(id)
        try await record(.revokeToken, token?.owner.rawValue ?? "", detail: id)
    }

    private func isTheToken(_ id: String) -> Bool {
        guard case .account(_, _, id?) = caller.identity else { return false }
        return true
    }

    /// Whether the caller came by a password, or by what a client keeps in its place.
    private var isByLogin: Bool {
        guard case .account(_, nil, let tokenID) = caller.identity else { return false }
        return tokenID.map { access.policy.tokensByID[$0]?.kind == .refresh } ?? true
    }
}
