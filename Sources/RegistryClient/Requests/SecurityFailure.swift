import NIOSSL

/// Why no TLS connection came about: nothing that another try would change.
struct SecurityFailure {
    let reason: String

    /// Nil when the error is of another kind.
    init?(_ error: any Error) {
        switch error {
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            reason = "its certificate is for another host"
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate:
            reason = Self.untrusted
        case NIOSSLError.handshakeFailed(let cause):
            reason = Self.reason(of: "\(cause)")
        case let cause as BoringSSLError where "\(cause)".contains("_ALERT_"):
            reason = Self.reason(of: "\(cause)")
        default:
            return nil
        }
    }

    private static let untrusted = "nobody who is trusted here vouches for its certificate"

    /// BoringSSL's errors are told apart by the names in their texts alone.
    private static func reason(of cause: String) -> String {
        let reasons = [
            ("CERTIFICATE_VERIFY_FAILED", untrusted),
            ("WRONG_VERSION_NUMBER", "it does not speak TLS"),
            ("HTTP_REQUEST", "it does not speak TLS"),
            ("CERTIFICATE_REQUIRED", "it wants a certificate of its clients"),
            ("ALERT_BAD_CERTIFICATE", "it wants another certificate of its clients"),
            ("ALERT_HANDSHAKE_FAILURE", "it agrees to no way to speak TLS, or wants a certificate of its clients"),
        ]
        return reasons.first { cause.contains($0.0) }?.1 ?? "TLS failed: \(cause)"
    }
}
