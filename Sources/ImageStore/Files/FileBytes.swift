import struct NIOCore.ByteBuffer
import SystemPackage

/// A file's bytes from one of them to the end, opened anew for each iteration.
struct FileBytes: AsyncSequence, Sendable {
    /// In bytes.
    private static let chunkSize = 256 << 10

    let path: FilePath
    /// Which byte comes first.
    var start: Int64 = 0

    func makeAsyncIterator() -> Iterator { Iterator(path: path, start: start) }

    struct Iterator: AsyncIteratorProtocol {
        let path: FilePath
        private let start: Int64
        private var file: OpenFile?

        fileprivate init(path: FilePath, start: Int64) {
            self.path = path
            self.start = start
        }

        mutating func next() async throws -> ByteBuffer? {
            let file = try file ?? OpenFile(path, at: start)
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

        init(_ path: FilePath, at start: Int64) throws {
            descriptor = try naming("open", path) {
                try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            }
            _ = try naming("read", path) { try descriptor.seek(offset: start, from: .start) }
        }

        deinit {
            try? descriptor.close()
        }
    }
}
