import struct NIOCore.ByteBuffer
import SystemPackage

/// A file's bytes from the beginning to the end, opened anew for each iteration.
struct FileBytes: AsyncSequence, Sendable {
    /// In bytes.
    private static let chunkSize = 256 << 10

    let path: FilePath

    func makeAsyncIterator() -> Iterator { Iterator(path: path) }

    struct Iterator: AsyncIteratorProtocol {
        let path: FilePath
        private var file: OpenFile?

        fileprivate init(path: FilePath) {
            self.path = path
        }

        mutating func next() async throws -> ByteBuffer? {
            let file = try file ?? OpenFile(path)
            self.file = file
            var buffer = ByteBuffer()
            let count = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: FileBytes.chunkSize) { room in
                try naming("read", path) { try file.descriptor.read(into: room) }
            }
            return count > 0 ? buffer : nil
        }
    }

    /// Closes the file when the iteration ends, wherever that is.
    private final class OpenFile: Sendable {
        let descriptor: FileDescriptor

        init(_ path: FilePath) throws {
            descriptor = try naming("open", path) {
                try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            }
        }

        deinit {
            try? descriptor.close()
        }
    }
}
