import Access

/// An access token with its secret, which is told once and kept nowhere.
package struct NewToken: Sendable {
    package let secret: TokenSecret
    package let token: AccessToken
}
