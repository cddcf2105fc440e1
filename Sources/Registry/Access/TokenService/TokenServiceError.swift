import Tokens

/// Why somebody got no token.
package enum TokenServiceError: Error, Sendable, Hashable {
    case refused(AuthenticationError)
    /// The token by which they came isn't believed, or none can be made.
    case token(TokenError)
}

extension TokenServiceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let error): error.description
        case .token(let error): error.description
        }
    }
}
