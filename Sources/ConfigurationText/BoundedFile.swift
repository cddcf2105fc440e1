import Glibc
import SystemPackage

/// Reads configuration files whole: they are small, and one that isn't is no such file.
package enum BoundedFile {
    /// The bytes of the file at `path`.
    ///
    /// - Parameter limit: in bytes.
    /// - Throws: `Errno`; `fileTooLarge` for one that has more than `limit`.
    package static func read(_ path: FilePath, limit: Int) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        return try file.closeAfter {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            while case let count = try buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                bytes += buffer[..<count]
                guard bytes.count <= limit else { throw Errno.fileTooLarge }
            }
            return bytes
        }
    }

    /// The same; nil when there is no file.
    package static func readIfPresent(_ path: FilePath, limit: Int) throws -> [UInt8]? {
        do {
            return try read(path, limit: limit)
        } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
            return nil
        } catch Errno.permissionDenied where access(path.string, F_OK) != 0 {
            // A folder that can't be looked into is another user's: HOME may be that of who started us.
            return nil
        }
    }
}
