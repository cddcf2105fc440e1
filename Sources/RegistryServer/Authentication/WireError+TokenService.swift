import HTTPTypes
import Registry
import Tokens

extension WireError {
    /// - Parameter service: what is named to who should try again with another login.
    init(_ error: TokenServiceError, service: String) {
        switch error {
        case .refused(let refusal):
            self = WireError(notLookedAt: refusal) ?? .loginRefused(error.description, service: service)
        case .token(.tooManyScopes):
            self.init(.badRequest, .unsupported, error.description)
        case .token(.noSigningKey):
            self.init(.serviceUnavailable, .unavailable, error.description, headers: [.retryAfter: "5"])
        case .token(.keysUnavailable(let issuer, _)):
            // What went wrong at the issuer's is for the log.
            self.init(
                .serviceUnavailable,
                .unavailable,
                "the keys of '\(issuer)' can't be had just now",
                headers: [.retryAfter: "10"]
            )
        case .token:
            self = .loginRefused(error.description, service: service)
        }
    }

    private static func loginRefused(_ message: String, service: String) -> WireError {
        WireError(
            .unauthorized,
            .unauthorized,
            message,
            headers: [.wwwAuthenticate: Challenge.basic(realm: service)]
        )
    }
}
