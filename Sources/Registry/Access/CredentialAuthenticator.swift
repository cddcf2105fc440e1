import Access

/// Judges who somebody is by a user and password.
package protocol CredentialAuthenticator: Sendable {
    /// Who has sent `credential`.
    ///
    /// A token's secret may stand in the password's place; then the username says nothing, and clients that were given a
    /// refresh token send `<token>` there.
    ///
    /// - Parameter address: where it came from, which counts failed attempts.
    func authenticate(
        _ credential: BasicCredential,
        from address: String
    ) async throws(AuthenticationError) -> Identity
}
