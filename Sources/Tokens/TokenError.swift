/// Why a token isn't believed, or can't be made.
package enum TokenError: Error, Sendable, Hashable {
    case tooLong(limit: Int)
    case malformed(reason: String)
    /// Nobody whom we believe.
    case unknownIssuer(String)
    case unknownKey(String?)
    /// The token says that it is signed in another way than its key signs.
    case wrongAlgorithm(String)
    case wrongSignature
    case wrongAudience
    case expired
    case notYetValid
    /// What it was made from doesn't count any more.
    case revoked
    case missingClaim(String)
    /// The issuer is believed, but no rule is about such a token.
    case noRuleHolds(issuer: String)
    /// The keys that would tell couldn't be had.
    case keysUnavailable(issuer: String, reason: String)
    /// There is no key to sign with.
    case noSigningKey
    case tooManyScopes(limit: Int)
}

extension TokenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong(let limit): "the token has more than the \(limit) bytes that are accepted here"
        case .malformed(let reason): "that is no token: \(reason)"
        case .unknownIssuer(let issuer): "tokens of '\(issuer)' are not accepted here"
        case .unknownKey(let id?): "the token's issuer has no key '\(id)'"
        case .unknownKey(nil): "the token names no key"
        case .wrongAlgorithm(let name): "the token's key does not sign by '\(name)'"
        case .wrongSignature: "the token is not signed by the key that it names"
        case .wrongAudience: "the token is for another service"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet; are the clocks right?"
        case .revoked: "the account or access token that the token was made from is there no more"
        case .missingClaim(let name): "the token does not tell its '\(name)'"
        case .noRuleHolds(let issuer): "no rule of 'oidc' holds for this token of '\(issuer)'"
        case .keysUnavailable(let issuer, let reason): "the keys of '\(issuer)' can't be had: \(reason)"
        case .noSigningKey: "there is no key to sign tokens with"
        case .tooManyScopes(let limit): "a token for more than \(limit) scopes was asked for, or for too long names"
        }
    }
}
