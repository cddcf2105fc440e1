import Glibc
import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor

extension FileBlobStore {
    package func checkWriting() async throws {
        let path = root.appending("readiness")
        try await onLookupThread {
            let descriptor = try fileSystem("open", path) {
                try FileDescriptor.open(
                    path,
                    .writeOnly,
                    options: [.create, .closeOnExec],
                    permissions: .ownerReadWrite
                )
            }
            defer {
                try? descriptor.close()
                unlink(path.string)
            }
            try fileSystem("write to", path) { _ = try descriptor.writeAll(toAbsoluteOffset: 0, "ready".utf8) }
            guard fdatasync(descriptor.rawValue) == 0 else {
                throw StorageError.fileSystem(
                    operation: "sync",
                    path: path.string,
                    reason: "\(Errno(rawValue: errno))"
                )
            }
        }
    }
}
