import Glibc
import SystemPackage

/// What an entry says by its name about the layers below.
///
/// - SeeAlso: OCI image-spec, "Image Layer Filesystem Changeset", "Whiteouts".
enum LayerMarker: Equatable {
    private static let prefix = bytes(".wh.")
    private static let opaqueName = bytes(".wh..wh..opq")
    private static let reservedPrefix = bytes(".wh..wh.")

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
        let name = path.name
        guard name.starts(with: Self.prefix) else {
            guard path.lineage.contains(where: { $0.name.starts(with: Self.reservedPrefix) }) else { return nil }
            self = .bookkeeping
            return
        }
        if name.elementsEqual(Self.opaqueName) {
            self = .opaque(path.parent)
            return
        }
        guard !name.starts(with: Self.reservedPrefix) else {
            self = .bookkeeping
            return
        }
        let hidden = name.dropFirst(Self.prefix.count)
        guard !hidden.isEmpty, !hidden.elementsEqual(Self.bytes(".")), !hidden.elementsEqual(Self.bytes("..")) else {
            throw LayerFailure("the whiteout '\(path)' names no file")
        }
        self = .whiteout(path.sibling(hidden))
    }

    /// The name of the marker that makes its folder opaque.
    static let opaqueFileName = ".wh..wh..opq"

    /// The name of the marker that hides the file with this path.
    static func whiteoutName(of path: FilePath) -> FilePath.Component {
        let name =
            path.lastComponent?.withPlatformString { Array(UnsafeBufferPointer(start: $0, count: strlen($0))) } ?? []
        return (prefix + name + [0]).withUnsafeBufferPointer { bytes in
            bytes.baseAddress.flatMap { FilePath.Component(platformString: $0) } ?? ".wh."
        }
    }

    private static func bytes(_ text: String) -> [CChar] { text.utf8.map { CChar(bitPattern: $0) } }
}
