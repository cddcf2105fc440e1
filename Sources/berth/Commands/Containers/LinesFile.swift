import Glibc
import SystemPackage

/// A file of variables or labels: one on each line; empty lines and those that begin with `#` are passed over.
struct LinesFile {
    /// In bytes.
    private static let maximumSize = 4 << 20

    let lines: [String]

    /// - Throws: ``ContainerOptionError``.
    init(_ path: String) throws(ContainerOptionError) {
        let bytes: [UInt8]
        do {
            bytes = try Self.read(FilePath(path))
        } catch {
            throw .cannotRead(file: path, reason: "\(error)")
        }
        lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { String($0.drop { $0 == " " || $0 == "\t" }) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        for line in lines {
            let name = line.prefix { $0 != "=" }
            guard !name.isEmpty, !name.contains(where: \.isWhitespace) else { throw .invalidLine(line, file: path) }
        }
    }

    private static func read(_ path: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        defer { try? file.close() }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 << 10)
        while case let count = try part.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
            bytes += part[..<count]
            guard bytes.count <= maximumSize else { throw Errno.fileTooLarge }
        }
        return bytes
    }
}
