import ImageSpec
import SystemPackage

/// Where an image is, or is to be: in a registry, in an image layout, in an archive.
///
/// ```swift
/// try ImageLocation("oci:/srv/images:1.0")
/// ```
package enum ImageLocation: Sendable, Hashable {
    case registry(ImageReference)
    /// A folder by the OCI's image layout, and which of its images.
    case layout(FilePath, LayoutName?)
    /// An image layout in a tar archive.
    case archive(FilePath, LayoutName?)
    /// As `docker save` writes it.
    case dockerArchive(FilePath, ImageReference?)

    /// Parses `[docker://]reference`, `oci:FOLDER[:TAG|@DIGEST]`, `oci-archive:FILE[:TAG|@DIGEST]` or
    /// `docker-archive:FILE[:REFERENCE]`.
    ///
    /// A path ends at its first colon, as it does to other tools. An image of Docker Hub that is called like one of
    /// the prefixes has to be given with `docker://`.
    ///
    /// - Parameter reference: completes an image's name in a registry.
    /// - Throws: ``MirrorError/invalidLocation(_:reason:)``; ``ImageSpecError``; what `reference` throws.
    /// - SeeAlso: containers-transports(5).
    package init(
        _ text: String,
        reference: @escaping (String) throws -> ImageReference = { try ImageReference($0) }
    ) throws {
        let prefixes: [(String, (Substring) throws -> ImageLocation)] = [
            ("docker://", { .registry(try reference(String($0))) }),
            ("oci:", { try Self.inLayout($0) { .layout($0, $1) } }),
            ("oci-archive:", { try Self.inLayout($0) { .archive($0, $1) } }),
            ("docker-archive:", { try Self.inDockerArchive($0) }),
        ]
        guard let (prefix, parse) = prefixes.first(where: { text.hasPrefix($0.0) }) else {
            self = .registry(try reference(text))
            return
        }
        self = try parse(text.dropFirst(prefix.count))
    }

    private static func inLayout(
        _ text: Substring,
        _ location: (FilePath, LayoutName?) -> ImageLocation
    ) throws -> ImageLocation {
        let (path, name) = try LayoutName.split(text)
        return location(try file(path, of: text), name)
    }

    private static func inDockerArchive(_ text: Substring) throws -> ImageLocation {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let reference = parts.count == 2 ? try ImageReference(parts[1]) : nil
        guard reference?.digest == nil else {
            throw MirrorError.invalidLocation(String(text), reason: "an image in a docker archive is named by a tag")
        }
        return .dockerArchive(try file(parts[0], of: text), reference)
    }

    private static func file(_ path: Substring, of text: Substring) throws -> FilePath {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw MirrorError.invalidLocation(String(text), reason: "it has no path")
        }
        return FilePath(String(path))
    }
}
