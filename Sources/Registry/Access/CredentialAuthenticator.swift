import Access

/// Proves who a user's name and password, or a secret in its place, belong to.
package protocol CredentialAuthenticator: Sendable {
    /// - Parameter address: the client's, by which failures are counted.
    /// - Throws: ``AuthenticationError``; which of name and password is wrong is never told.
    func authenticate(
        _ credential: BasicCredential,
        from address: String
    ) async throws(AuthenticationError) -> Identity
}
