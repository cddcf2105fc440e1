import NIOHTTP1

/// How a registry wants to be told who asks.
///
/// - SeeAlso: RFC 9110, section 11; distribution's "Token Authentication Specification"; RFC 6750, section 3.
enum AuthenticationChallenge: Sendable, Equatable {
    /// With username and password in each request.
    case basic
    /// With a token that the service at `realm` gives.
    case bearer(realm: String, service: String?, scopes: [String])

    /// The best of the challenges in the `WWW-Authenticate` headers: tokens say no more than they must.
    ///
    /// What is no challenge, or is one of another kind, is left out.
    static func best(in headers: HTTPHeaders) -> AuthenticationChallenge? {
        let challenges = headers["WWW-Authenticate"].flatMap { ChallengeParser.challenges(in: $0) }
        for challenge in challenges where challenge.scheme == "bearer" {
            guard let realm = challenge.parameters["realm"] else { continue }
            let scopes = (challenge.parameters["scope"] ?? "").split(separator: " ").map(String.init)
            return .bearer(realm: realm, service: challenge.parameters["service"], scopes: scopes)
        }
        return challenges.contains { $0.scheme == "basic" } ? .basic : nil
    }
}
