/// Why somebody has not proven to be anybody.
package enum AuthenticationError: Error, Sendable, Hashable {
    /// Whether there is such a user is not told.
    case wrongCredential
    /// Too many wrong ones came before.
    case lockedOut(retryAfter: Duration)
    /// Too many are being judged just now.
    case busy
}

extension AuthenticationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongCredential: "the user or the password is wrong"
        case .lockedOut: "too many logins have failed; wait before the next one"
        case .busy: "too many logins are being checked just now; try again"
        }
    }
}
