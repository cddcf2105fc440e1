/// A listener's certificate, key or authorities can't be used.
package enum CertificateError: Error, CustomStringConvertible {
    case unreadable(file: String, what: String, reason: String)
    case empty(file: String)
    case notAKey(file: String)
    case mismatch(certificate: String, key: String, reason: String)

    package var description: String {
        switch self {
        case .unreadable(let file, let what, let reason):
            "can't read \(what) in '\(file)': \(reason)"
        case .empty(let file):
            "'\(file)' holds no certificate in PEM"
        case .notAKey(let file):
            "'\(file)' should hold a private key in PEM, without a passphrase"
        case .mismatch(let certificate, let key, let reason):
            "the key in '\(key)' is not that of the certificate in '\(certificate)', or can't serve: \(reason)"
        }
    }
}
