import HTTPTypes
import Registry

extension WireError {
    /// The answer to a credential that was not looked at; nil where it was, and is wrong.
    init?(notLookedAt rejection: AuthenticationError?) {
        switch rejection {
        case .lockedOut(let time): self = .lockedOut(for: time)
        case .busy: self = .tooManyLogins
        case .wrongCredential, nil: return nil
        }
    }

    private static func lockedOut(for time: Duration) -> WireError {
        let seconds = max(1, Int((time / .seconds(1)).rounded(.up)))
        return WireError(
            .tooManyRequests,
            .tooManyRequests,
            "too many logins have failed; the next one is looked at in \(seconds) s",
            headers: [.retryAfter: String(seconds)]
        )
    }

    static let tooManyLogins = WireError(
        .serviceUnavailable,
        .unavailable,
        "as many passwords are being verified as may at once; try again",
        headers: [.retryAfter: "1"]
    )
}
