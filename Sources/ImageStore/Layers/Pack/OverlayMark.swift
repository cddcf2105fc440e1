import CConfinement
import Glibc
import SystemPackage

/// What overlayfs writes down in a writable layer about the layers below.
///
/// - SeeAlso: Linux, Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories".
enum OverlayMark {
    /// The names of the attribute that marks an opaque folder, for mounts by root and with `userxattr`.
    private static let opaqueAttributes = ["trusted.overlay.opaque", "user.overlay.opaque"]
    private static let whiteoutAttributes = ["trusted.overlay.whiteout", "user.overlay.whiteout"]

    /// Whether nothing below is seen in the folder.
    static func isOpaque(_ folder: FilePath) throws(LayerFailure) -> Bool {
        for name in opaqueAttributes where try value(of: name, of: folder) == UInt8(ascii: "y") { return true }
        return false
    }

    /// Whether nothing below is seen at the path.
    static func isWhiteout(_ standing: FileStatus, at path: FilePath) throws(LayerFailure) -> Bool {
        if standing.isWhiteout { return true }
        guard standing.kind == S_IFREG, standing.status.st_size == 0 else { return false }
        for name in whiteoutAttributes where try value(of: name, of: path) != nil { return true }
        return false
    }

    /// The attribute's first byte, or a zero when it has none; nil when there is no such attribute.
    private static func value(of name: String, of path: FilePath) throws(LayerFailure) -> UInt8? {
        var byte: [UInt8] = [0, 0, 0, 0]
        let accepted: [Errno] = [.noData, .notSupported, .notPermitted, .outOfRange]
        let count = try call("read the attribute \(name) of", path, unless: accepted) {
            berth_get_attribute($0, name, &byte, byte.count)
        }
        return count < 0 ? nil : byte[0]
    }
}
