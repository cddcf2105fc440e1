import Registry

/// How callers prove who they are; without any part of it all are nobody in particular.
package struct Authentication: Sendable {
    /// How those who haven't are asked to: docker takes up one way alone.
    package enum ChallengeScheme: String, Sendable, CaseIterable {
        /// Docker's token protocol, by which also those who have no account get what is public.
        case token
        /// For clients that know nothing else; docker then pulls nothing without a login.
        case basic
    }

    let credentials: (any CredentialAuthenticator)?
    /// Gives signed tokens and judges them.
    let tokens: TokenService?
    let scheme: ChallengeScheme

    package init(
        credentials: (any CredentialAuthenticator)? = nil,
        tokens: TokenService? = nil,
        scheme: ChallengeScheme = .token
    ) {
        self.credentials = credentials
        self.tokens = tokens
        self.scheme = scheme
    }
}
