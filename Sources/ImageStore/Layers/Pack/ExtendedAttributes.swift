import CConfinement
import Glibc
import SystemPackage

/// The extended attributes that belong into a layer.
enum ExtendedAttributes {
    /// Reads those of `path` itself, sorted by name; none where the file system has none.
    ///
    /// Left out are overlayfs's own, which say something about the layers of this host, and SELinux's labels.
    static func read(from path: FilePath) throws(LayerFailure) -> [(name: String, value: [UInt8])] {
        var attributes: [(name: String, value: [UInt8])] = []
        for name in try names(of: path).sorted() where belongsInLayer(name) {
            attributes.append((name, try value(of: name, of: path)))
        }
        return attributes
    }

    private static func belongsInLayer(_ name: String) -> Bool {
        !["trusted.overlay.", "user.overlay.", "security.selinux"].contains { name.hasPrefix($0) }
    }

    private static func names(of path: FilePath) throws(LayerFailure) -> [String] {
        var buffer = [CChar](repeating: 0, count: 64 << 10)
        let count = try call("list the attributes of", path, unless: [.notSupported]) {
            berth_list_attributes($0, &buffer, buffer.count)
        }
        return buffer.prefix(max(count, 0)).split(separator: 0)
            .map { String(decoding: $0.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
    }

    private static func value(of name: String, of path: FilePath) throws(LayerFailure) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = try call("read the attribute \(name) of", path) {
            berth_get_attribute($0, name, &buffer, buffer.count)
        }
        return Array(buffer.prefix(count))
    }
}
