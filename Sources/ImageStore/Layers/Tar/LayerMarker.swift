import SystemPackage

/// What an entry says by its name about the layers below.
///
/// - SeeAlso: OCI image-spec, "Image Layer Filesystem Changeset", "Whiteouts".
enum LayerMarker: Equatable {
    private static let prefix = ".wh."
    private static let opaqueName = ".wh..wh..opq"
    private static let reservedPrefix = ".wh..wh."

    /// Nothing below is seen at this path.
    case whiteout(LayerPath)
    /// Nothing below is seen in this folder.
    case opaque(LayerPath)
    /// The bookkeeping of an old union file system: no part of the layer.
    case bookkeeping

    /// What the entry named `path` marks; nil when it is an ordinary entry.
    ///
    /// - Throws: ``LayerFailure`` for a whiteout of nothing, of `.` or of `..`.
    init?(_ path: LayerPath) throws(LayerFailure) {
        guard let name = path.components.last, Self.starts(name, with: Self.prefix) else {
            guard path.components.contains(where: { Self.starts($0, with: Self.reservedPrefix) }) else { return nil }
            self = .bookkeeping
            return
        }
        if name.string == Self.opaqueName {
            self = .opaque(path.parent)
            return
        }
        guard !Self.starts(name, with: Self.reservedPrefix) else {
            self = .bookkeeping
            return
        }
        let hidden = name.withPlatformString { FilePath(platformString: $0 + Self.prefix.utf8.count) }
        guard hidden.components.count == 1, let target = hidden.components.first, target.kind == .regular else {
            throw LayerFailure("the whiteout '\(path)' names no file")
        }
        self = .whiteout(path.sibling(target))
    }

    private static func starts(_ name: FilePath.Component, with prefix: String) -> Bool {
        name.string.utf8.starts(with: prefix.utf8)
    }
}
