import Glibc
import SystemPackage

/// A file of the kernel's, in /proc or a control group: it has no size, and is written in one piece.
struct KernelFile {
    /// In bytes.
    private static let limit = 4 << 20

    let path: FilePath

    init(_ path: FilePath) {
        self.path = path
    }

    /// Nil where it can't be read.
    var text: String? {
        let descriptor = open(path.string, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < Self.limit {
            let count = part.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes += part[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Nil where it isn't a number, such as `max`.
    var number: Int64? {
        text.flatMap { Int64($0.split(whereSeparator: \.isWhitespace).first ?? "") }
    }

    /// The number behind `key`, as in `anon 4096`.
    func number(of key: String) -> Int64? {
        guard let text else { return nil }
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == key { return Int64(words[1]) }
        }
        return nil
    }

    /// - Throws: ``SandboxError/system(operation:path:_:)``.
    func write(_ text: String) throws(SandboxError) {
        let descriptor = open(path.string, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(operation: "write", path: path, .current) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard bytes.withUnsafeBytes({ Glibc.write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
            throw .system(operation: "write '\(text)' to", path: path, .current)
        }
    }
}
