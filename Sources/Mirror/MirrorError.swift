import ImageSpec
import SystemPackage

/// Why an image was not copied.
package enum MirrorError: Error, Sendable, Equatable {
    case invalidLocation(String, reason: String)
    /// The destination is named by another digest than the source has.
    case differentDigest(destination: String, source: Digest)
    case tooDeep(String, limit: Int)
    /// The source holds no such thing.
    case notFound(String, in: String)
    /// The source holds several images, and none was named.
    case ambiguous(String, names: [String])
    case noManifestForPlatform(String, Platform, available: [Platform])
    /// A layout or archive isn't what it should be.
    case invalidFile(FilePath, reason: String)
    case wrongContent(FilePath, expected: Digest, actual: Digest)
    /// The destination's form has no way to hold this.
    case unsupported(String, reason: String)
    /// The registry allows no more pulls for now.
    case pullsUsedUp(RegistryHost, remaining: Int)
    /// An archive of what is new leaves out what an earlier one has, and the destination lacks that.
    case leftOut(Digest, archive: String)
    case fileSystem(operation: String, path: FilePath, Errno)
}

extension MirrorError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidLocation(let text, let reason):
            "'\(text)' is no place of an image: \(reason)"
        case .differentDigest(let destination, let source):
            "the source is \(source), so it can't be copied to \(destination); give a tag"
        case .tooDeep(let source, let limit):
            "\(source) has manifests under manifests more than \(limit) deep"
        case .notFound(let name, let source):
            "there is no \(name) in \(source)"
        case .ambiguous(let source, let names):
            "\(source) holds several images; name one of: \(names.joined(separator: ", "))"
        case .noManifestForPlatform(let source, let platform, let available):
            "\(source) has no image for \(platform); it has "
                + (available.isEmpty ? "none" : available.map(\.description).joined(separator: ", "))

        case .invalidFile(let path, let reason):
            "\(path) can't be read: \(reason)"
        case .wrongContent(let path, let expected, let actual):
            "\(path) should hold \(expected), but what is there is \(actual)"
        case .unsupported(let destination, let reason):
            "\(destination) can't take it: \(reason)"
        case .pullsUsedUp(let host, let remaining):
            "\(host) allows only \(remaining) more pulls for now, and those are left to others"
        case .leftOut(let digest, let archive):
            "\(archive) leaves out \(digest), which was in an earlier archive, and the destination lacks it; import the "
                + "earlier one first"
        case .fileSystem(let operation, let path, let errno):
            "can't \(operation) \(path): \(errno)"
        }
    }
}
