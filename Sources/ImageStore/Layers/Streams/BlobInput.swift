import SystemPackage

/// The bytes of a file as they stand, piece by piece; need not be a file that can be read twice.
final class BlobInput {
    /// In bytes.
    private static let pieceSize = 256 << 10

    private let file: FileDescriptor
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 64)
    /// How much of the buffer was read but not given away yet.
    private var held = 0
    /// How many bytes were given away so far.
    private(set) var count: Int64 = 0

    init(_ file: FileDescriptor) {
        self.file = file
    }

    deinit {
        buffer.deallocate()
    }

    /// The next bytes, which stay valid until the next call; none at the end.
    func next() throws(LayerFailure) -> UnsafeMutableRawBufferPointer {
        if held == 0 { held = try read(into: buffer) }
        defer { held = 0 }
        count += Int64(held)
        return UnsafeMutableRawBufferPointer(rebasing: buffer[..<held])
    }

    /// Whether the next bytes are these few; they stay the next ones.
    func begins(with bytes: [UInt8]) throws(LayerFailure) -> Bool {
        while held < bytes.count {
            let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[held...]))
            guard count > 0 else { return false }
            held += count
        }
        return buffer.starts(with: bytes)
    }

    private func read(into room: UnsafeMutableRawBufferPointer) throws(LayerFailure) -> Int {
        do {
            return try file.read(into: room)
        } catch {
            throw LayerFailure("it can't be read: \(error)", isOfTheMachine: true)
        }
    }
}
