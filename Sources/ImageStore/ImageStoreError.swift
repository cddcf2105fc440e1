import ImageSpec
import SystemPackage

/// Why something could not be done with the images on this host.
package enum ImageStoreError: Error, Sendable, Equatable {
    /// Neither a name nor the beginning of an ID here.
    case noSuchImage(String)
    /// More than one image's ID begins with these digits.
    case ambiguousID(String)
    /// Several names point to the image, so an ID alone doesn't say which of them to remove.
    case imageHasSeveralNames(String, names: [String])
    /// A container is made of the image whose last name this is.
    case nameInUse(String, image: Digest, container: String)
    /// A container is made of the image.
    case imageInUse(Digest, container: String, isRunning: Bool)
    /// The manifest is of an artifact or of no kind that can be run.
    case notAnImage(String, reason: String)
    case noManifestForPlatform(ImageReference, Platform, available: [Platform])
    case missingBlob(Digest)
    case wrongContent(expected: Digest, actual: Digest)
    case wrongSize(Digest, expected: Int64, actual: Int64)
    case invalidLayout(FilePath, reason: String)
    /// The layer with this diff ID is damaged, or does what no layer may.
    case layerRefused(Digest, reason: String)
    /// The confined process that applies layers could not do its work.
    case applierFailed(Digest, reason: String)
    /// What was to become a layer could not be read or written.
    case notPacked(reason: String)
    /// The change of an image's config can't be read.
    case invalidChange(String, reason: String)
    /// The archive of images is damaged, or does what no archive may.
    case archiveRefused(reason: String)
    /// The archive of images could not be written.
    case notSaved(reason: String)
    case fileSystem(operation: String, path: FilePath, Errno)
}

extension ImageStoreError {
    /// Whether what is missing is an image that somebody named.
    package var isNoSuchImage: Bool {
        guard case .noSuchImage = self else { return false }
        return true
    }
}

extension ImageStoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSuchImage(let name):
            "no such image: \(name)"
        case .ambiguousID(let prefix):
            "more than one image's ID begins with '\(prefix)'; give more digits"
        // Docker's words, which scripts may look for.
        case .imageHasSeveralNames(let id, let names):
            "conflict: unable to delete \(id) (must be forced) - image is referenced in multiple repositories: "
                + names.joined(separator: ", ")
        case .nameInUse(let name, let image, let container):
            "conflict: unable to remove repository reference \"\(name)\" (must force) - container \(container) is using "
                + "its referenced image \(image.short)"
        case .imageInUse(let image, let container, let isRunning):
            "conflict: unable to delete \(image.short) (\(isRunning ? "cannot" : "must") be forced) - image is being used "
                + "by \(isRunning ? "running" : "stopped") container \(container)"
        case .notAnImage(let name, let reason):
            "\(name) is not a container image: \(reason)"
        case .noManifestForPlatform(let reference, let platform, let available):
            "\(reference.familiarName) has no image for \(platform); it has "
                + (available.isEmpty ? "none" : available.map(\.description).joined(separator: ", "))
        case .missingBlob(let digest):
            "the blob \(digest) is not in the local store; pull the image again"
        case .wrongContent(let expected, let actual):
            "the content should be \(expected), but it is \(actual)"
        case .wrongSize(let digest, let expected, let actual):
            "\(digest) should have \(expected) bytes, but it has \(actual)"
        case .invalidLayout(let path, let reason):
            "\(path) is not an image layout that Berth can use: \(reason)"
        case .layerRefused(let diffID, let reason):
            "the layer \(diffID) is refused: \(reason)"
        case .applierFailed(let diffID, let reason):
            "the layer \(diffID) could not be unpacked: \(reason)"
        case .notPacked(let reason):
            "no layer could be made: \(reason)"
        case .invalidChange(let change, let reason):
            "the change '\(change)' can't be made: \(reason)"
        case .archiveRefused(let reason):
            "the archive is refused: \(reason)"
        case .notSaved(let reason):
            "no archive could be written: \(reason)"
        case .fileSystem(let operation, let path, let errno):
            "can't \(operation) \(path): \(errno)"
        }
    }
}
