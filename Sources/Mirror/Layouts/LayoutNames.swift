import ImageSpec

/// What the files of an image layout are called.
///
/// - SeeAlso: OCI image-spec, "Image Layout".
enum LayoutNames {
    static let marker = "oci-layout"
    static let index = "index.json"
    static let markerContent = Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)

    static func folder(_ algorithm: DigestAlgorithm) -> String { "blobs/\(algorithm.rawValue)" }
    static func blob(_ digest: Digest) -> String { "\(folder(digest.algorithm))/\(digest.hex)" }
}
