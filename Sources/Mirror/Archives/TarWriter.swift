import ImageSpec
import RegistryClient
import SystemPackage

/// Writes a tar archive of files, one after the other; the archive appears under its name only when it is whole.
struct TarWriter: ~Copyable {
    /// In bytes, of a name in a header.
    private static let maximumNameLength = 100

    private let path: FilePath
    private var file: NewFile

    init(to path: FilePath) throws(MirrorError) {
        self.path = path
        let folder = path.removingLastComponent()
        file = try NewFile(for: path, in: folder.isEmpty ? "." : folder)
    }

    mutating func add(_ bytes: [UInt8], as name: String) throws(MirrorError) {
        try begin(name, size: Int64(bytes.count))
        try file.write(bytes)
        try pad(Int64(bytes.count))
    }

    /// - Parameter size: of what follows; exactly as many bytes are then written, and ``pad(_:)`` called.
    mutating func begin(_ name: String, size: Int64) throws(MirrorError) {
        var header: [UInt8] = []
        if name.utf8.count > Self.maximumNameLength {
            let record = Self.record("path", name)
            header += TarHeader.block(name: "pax", size: Int64(record.count), flag: UInt8(ascii: "x"))
            header += record + Self.padding(after: Int64(record.count))
        }
        header += TarHeader.block(name: String(name.suffix(Self.maximumNameLength)), size: size)
        try file.write(header)
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) {
        try file.write(bytes)
    }

    /// Where the archive ends for now; what is written from here on can be taken back by ``cut(to:)``.
    func length() throws(MirrorError) -> Int64 { try file.length() }

    func cut(to length: Int64) throws(MirrorError) { try file.cut(to: length) }

    /// Fills what was written up to whole blocks.
    mutating func pad(_ size: Int64) throws(MirrorError) {
        try file.write(Self.padding(after: size))
    }

    /// Ends the archive and puts it in its place.
    mutating func commit() throws(MirrorError) {
        try file.write([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
        try file.commit()
    }

    private static func padding(after size: Int64) -> [UInt8] {
        let blockSize = Int64(TarHeader.blockSize)
        return [UInt8](repeating: 0, count: Int((blockSize - size % blockSize) % blockSize))
    }

    /// `LENGTH NAME=VALUE\n`, where the length counts its own digits too.
    private static func record(_ name: String, _ value: String) -> [UInt8] {
        let rest = Array(" \(name)=\(value)\n".utf8)
        var length = rest.count
        while String(length).utf8.count + rest.count != length { length = String(length).utf8.count + rest.count }
        return Array("\(length)".utf8) + rest
    }
}
