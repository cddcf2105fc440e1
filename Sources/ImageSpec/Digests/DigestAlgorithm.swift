/// A hash algorithm that a digest may be made with.
///
/// - SeeAlso: OCI image-spec, "Registered algorithms".
package enum DigestAlgorithm: String, Sendable, Hashable, CaseIterable {
    case sha256
    case sha512

    /// The length of the hash in bytes.
    package var byteCount: Int {
        switch self {
        case .sha256: 32
        case .sha512: 64
        }
    }
}
