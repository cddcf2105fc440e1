import Access
import Registry

/// Proves whom a signed token, of our own or of another issuer, speaks for.
package protocol TokenAuthenticator: Sendable {
    /// - Returns: who it is; anonymous for a token that was made for nobody in particular.
    /// - Throws: ``AuthenticationError/wrongCredential`` for a token that proves nothing.
    func identity(of token: String) async throws(AuthenticationError) -> Identity
}
