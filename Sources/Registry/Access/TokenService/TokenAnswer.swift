import Tokens

/// What the token service gives.
package struct TokenAnswer: Sendable {
    package let token: IssuedToken
    /// nil when none was asked for, or the client has one already.
    package let refreshToken: String?
}
