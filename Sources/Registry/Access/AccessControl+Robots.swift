import Access

extension AccessControl {
    /// How long a robot's old secret is good beside its new one, when nobody says.
    package static let usualOverlap = Duration.seconds(24 * 3600)
    /// A longer one would be no rotation.
    private static let longestOverlap = Duration.seconds(30 * 24 * 3600)
    /// How many of its former secrets a robot may have at once.
    private static let keptSecrets = 4

    /// Makes an account for a program, and its first secret.
    ///
    /// - Parameter lifetime: how long each of its secrets is good; nil for until it is rotated.
    /// - Throws: ``AccessControlError``, ``StorageError``.
    package func addRobot(_ name: AccountName, lifetime: Duration? = nil) async throws -> NewToken {
        if isInPasswordFile(name) { throw AccessControlError.accountExists(name) }
        let new = try Self.newToken(.robot, for: name, name: "robot", scopes: nil, lifetime: lifetime)
        let account = Account(name: name, kind: .robot, createdAt: Self.now)
        guard try await metadata.addAccount(account, asFirst: false) else {
            throw AccessControlError.accountExists(name)
        }
        guard try await metadata.addToken(new.token, needsAccount: true) else {
            throw AccessControlError.accountUnknown(name)
        }
        try await reload()
        return new
    }

    /// Gives a robot a new secret, which is good at once; those that it has are good for `overlap` yet.
    ///
    /// - Parameters:
    ///   - overlap: at most a month; zero ends them now.
    ///   - lifetime: of the new secret; nil for as long as the newest old one was meant to live.
    /// - Throws: ``AccessControlError``, ``StorageError``.
    package func rotateSecret(
        of name: AccountName,
        overlap: Duration = usualOverlap,
        lifetime: Duration? = nil
    ) async throws -> NewToken {
        guard try account(name).kind == .robot else { throw AccessControlError.notRobot(name) }
        guard overlap >= .zero, overlap <= Self.longestOverlap else {
            throw AccessControlError.tokenInvalid(
                reason: "an old secret can be good for \(Self.longestOverlap.components.seconds) seconds more at most"
            )
        }
        let new = try Self.newToken(
            .robot,
            for: name,
            name: "robot",
            scopes: nil,
            lifetime: lifetime ?? usualLifetime(of: name)
        )
        let isRotated = try await metadata.rotateToken(
            to: new.token,
            keeping: overlap == .zero ? 0 : Self.keptSecrets,
            until: Self.now + overlap.components.seconds
        )
        guard isRotated else { throw AccessControlError.accountUnknown(name) }
        try await reload()
        return new
    }

    private func usualLifetime(of robot: AccountName) -> Duration? {
        let newest = tokens(of: robot).max {
            ($0.createdAt, $0.expiresAt ?? .max) < ($1.createdAt, $1.expiresAt ?? .max)
        }
        guard let newest, let end = newest.expiresAt else { return nil }
        return .seconds(max(1, end - newest.createdAt))
    }
}
