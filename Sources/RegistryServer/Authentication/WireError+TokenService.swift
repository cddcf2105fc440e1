import HTTPTypes
import Registry
import Tokens

extension WireError {
    /// - Parameter service: what is named to who should try again with another login.
    init(_ error: TokenServiceError, service: String) {
        switch error {
        case .refused(.wrongCredential):
            self = .loginRefused(error.description, service: service)
        case .refused(.lockedOut(let pause)):
            self.init(
                .tooManyRequests,
                .tooManyRequests,
                error.description,
                headers: [.retryAfter: "\(max(1, pause.components.seconds))"]
            )
        case .refused(.busy):
            self.init(.serviceUnavailable, .unavailable, error.description, headers: [.retryAfter: "1"])
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
            headers: [.wwwAuthenticate: "Basic realm=\"\(service)\", charset=\"UTF-8\""]
        )
    }
}
