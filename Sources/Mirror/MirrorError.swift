import ImageSpec

/// Why an image was not copied.
package enum MirrorError: Error, Sendable, Equatable {
    /// The destination is named by another digest than the source has.
    case differentDigest(destination: ImageReference, source: Digest)
    case tooDeep(ImageReference, limit: Int)
}

extension MirrorError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .differentDigest(let destination, let source):
            "the source is \(source), so it can't be copied to \(destination.familiarName); give a tag"
        case .tooDeep(let reference, let limit):
            "\(reference.familiarName) has indexes in indexes more than \(limit) deep"
        }
    }
}
