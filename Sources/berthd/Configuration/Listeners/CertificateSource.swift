/// Where a listener's certificate comes from.
enum CertificateSource: String, Sendable, CaseIterable {
    /// From the files that are named; without them it is plain HTTP.
    case files
    /// From an authority of berthd's own.
    case selfSigned = "self-signed"
}
