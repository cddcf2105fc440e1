import SystemPackage

/// A part of a file: one file in an archive, or the whole of a file of its own.
struct FileSlice: Sendable {
    let file: OpenFile
    /// Of the first byte.
    let offset: Int64
    /// In bytes.
    let size: Int64

    /// All bytes, when there are not more than `limit`.
    func bytes(limit: Int) throws(MirrorError) -> [UInt8] {
        guard size <= limit else {
            throw .invalidFile(file.path, reason: "a document in it has more than \(limit) bytes")
        }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        let count = try naming("read", file.path) {
            try bytes.withUnsafeMutableBytes { try file.read(at: offset, into: $0) }
        }
        guard count == bytes.count else { throw .invalidFile(file.path, reason: "it ends early") }
        return bytes
    }
}
