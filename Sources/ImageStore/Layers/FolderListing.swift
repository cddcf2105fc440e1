import Glibc
import SystemPackage

/// What is in a folder, with names as the bytes that they are.
enum FolderListing {
    /// The names in a folder, in no order, without `.` and `..`.
    static func names(in folder: FilePath) throws(LayerFailure) -> [FilePath.Component] {
        guard let stream = folder.withPlatformString({ opendir($0) }) else {
            throw LayerFailure("list", folder, Errno(rawValue: errno))
        }
        defer { closedir(stream) }
        var names: [FilePath.Component] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { FilePath.Component(platformString: $0) }
            }
            if let name, name.kind == .regular { names.append(name) }
        }
        return names
    }
}
