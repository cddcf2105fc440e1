import Tokens

/// What a client asks the token service for.
package struct TokenRequest: Sendable {
    /// What it proves itself by.
    package enum Proof: Sendable {
        case none
        case password(BasicCredential)
        case refreshToken(String)
        /// A token of somebody else's.
        case token(String)
    }

    package let proof: Proof
    package let scopes: [RequestedScope]
    /// Whether it would have something to come back with instead of the password.
    package let wantsRefreshToken: Bool
    /// What the client calls itself.
    package let client: String

    package init(proof: Proof, scopes: [RequestedScope], wantsRefreshToken: Bool, client: String) {
        self.proof = proof
        self.scopes = scopes
        self.wantsRefreshToken = wantsRefreshToken
        self.client = client
    }
}
