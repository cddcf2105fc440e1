/// Why a credential proved nobody.
package enum AuthenticationError: Error, Sendable, Hashable {
    /// No such user, another password, an expired or revoked token: it is the same to whoever asks.
    case wrongCredential
    /// There were too many failures; nothing was looked at.
    case lockedOut(retryAfter: Duration)
    /// As many passwords are being verified as may at once.
    case busy
}
