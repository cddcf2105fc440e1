import Glibc
import SystemPackage

/// A file that is open for as long as somebody holds it.
final class OpenFile: Sendable {
    /// For messages.
    let path: FilePath
    let descriptor: FileDescriptor

    /// Takes `descriptor` over, and closes it in the end.
    init(_ descriptor: FileDescriptor, path: FilePath) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Opens the file at `path` for reading.
    convenience init(reading path: FilePath) throws(MirrorError) {
        let descriptor = try naming("open", path) {
            try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        }
        self.init(descriptor, path: path)
    }

    deinit {
        try? descriptor.close()
    }

    /// In bytes.
    func size() throws(MirrorError) -> Int64 {
        var status = stat()
        try system("look at", path) { fstat(descriptor.rawValue, &status) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .invalidFile(path, reason: "it is no regular file") }
        return Int64(status.st_size)
    }

    /// Fills as much of `room` as the file has from `offset` on, and says how much that is.
    func read(at offset: Int64, into room: UnsafeMutableRawBufferPointer) throws(MirrorError) -> Int {
        try naming("read", path) {
            var count = 0
            while count < room.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: room[count...])
                let read = try descriptor.read(fromAbsoluteOffset: offset + Int64(count), into: rest)
                guard read > 0 else { break }
                count += read
            }
            return count
        }
    }
}
