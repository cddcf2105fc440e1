import ImageSpec

/// A secret that stands for an account, or for a part of what it may do, for some time. Only its hash is kept.
package struct AccessToken: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Made by a person for a program.
        case personal
        /// A robot's secret, which it may rotate.
        case robot
        /// What docker keeps in a password's place after a login.
        case refresh
    }

    /// Public: what it is listed and revoked by.
    package let id: String
    package let kind: Kind
    package let owner: AccountName
    /// What its owner calls it.
    package let name: String
    /// SHA-256 of the secret, which has 256 bits of chance in it and so needs no salt.
    package let hash: Digest
    /// What it allows at most; nil for all that the owner may.
    package let scopes: [Scope]?
    /// Seconds since 1970.
    package let createdAt: Int64
    /// Seconds since 1970; nil for never.
    package let expiresAt: Int64?

    package init(
        id: String,
        kind: Kind,
        owner: AccountName,
        name: String,
        hash: Digest,
        scopes: [Scope]?,
        createdAt: Int64,
        expiresAt: Int64?
    ) {
        self.id = id
        self.kind = kind
        self.owner = owner
        self.name = name
        self.hash = hash
        self.scopes = scopes
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    package func isExpired(at time: Int64) -> Bool { expiresAt.map { $0 <= time } ?? false }
}
