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

    package var credentials: (any CredentialAuthenticator)?
    package var tokens: (any TokenAuthenticator)?
    package var scheme = ChallengeScheme.token
    /// Where tokens are to be had, when it isn't here.
    package var realm: String?
    /// What the registry is called in tokens; nil for the name that the client uses.
    package var service: String?

    package init() {}
}
