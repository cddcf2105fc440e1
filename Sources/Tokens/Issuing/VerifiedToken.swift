import Access

/// Whom a token stands for.
package struct VerifiedToken: Sendable, Hashable {
    /// May do at most what the token allows.
    package let identity: Identity
    /// For whom repositories are listed; nil when the token isn't for that. A token for the list alone lets nothing be
    /// read, and shows all the same what its holder may read.
    package let catalogIdentity: Identity?
    /// Seconds since 1970.
    package let expiresAt: Int64
}
