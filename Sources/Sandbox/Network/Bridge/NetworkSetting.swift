import Glibc
import SystemPackage

/// One of the kernel's settings under /proc/sys/net, in the network namespace of the thread that asks.
enum NetworkSetting {
    /// Nil where the kernel has none of that name.
    static func read(_ name: String) -> String? {
        guard let file = try? FileDescriptor.open(FilePath(path(name)), .readOnly, options: .closeOnExec) else {
            return nil
        }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 64)
        guard let count = try? bytes.withUnsafeMutableBytes({ try file.read(into: $0) }) else { return nil }
        return String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Sets it, unless it is so already: a container's host may have made it read-only.
    static func write(_ name: String, _ value: String) throws(NetworkError) {
        guard read(name) != value else { return }
        let descriptor = open(path(name), O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(operation: "set", path: path(name), .current) }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, value, value.utf8.count) == value.utf8.count else {
            throw .system(operation: "set", path: path(name), .current)
        }
    }

    private static func path(_ name: String) -> String { "/proc/sys/net/\(name)" }
}
