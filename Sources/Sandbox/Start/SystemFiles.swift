import Glibc
import SystemPackage

/// The files that a container gets in /etc, whatever its image has there.
struct SystemFiles {
    /// In bytes, of the host's resolv.conf.
    private static let maximumSize = 64 << 10

    let hostname: Hostname

    var all: [(name: String, content: String)] {
        [("hostname", "\(hostname)\n"), ("hosts", hosts), ("resolv.conf", Self.resolverConfiguration)]
    }

    /// As docker's. The container's own name is at an address of its loopback network, the only one that it has.
    private var hosts: String {
        """
        127.0.0.1\tlocalhost
        ::1\tlocalhost ip6-localhost ip6-loopback
        fe00::\tip6-localnet
        ff00::\tip6-mcastprefix
        ff02::1\tip6-allnodes
        ff02::2\tip6-allrouters
        127.0.1.1\t\(hostname)

        """
    }

    /// The host's, without the servers at the host's loopback, which is not the container's.
    private static var resolverConfiguration: String {
        let path = FilePath("/etc/resolv.conf")
        guard let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking]) else {
            return ""
        }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: maximumSize)
        let count = (try? bytes.withUnsafeMutableBytes { try file.read(into: $0) }) ?? 0
        return String(decoding: bytes[..<count], as: UTF8.self)
            .split(separator: "\n")
            .filter { !isLoopbackServer($0) && !$0.utf8.contains(0) }
            .map { $0 + "\n" }
            .joined()
    }

    private static func isLoopbackServer(_ line: Substring) -> Bool {
        let words = line.split { $0 == " " || $0 == "\t" }
        guard words.count >= 2, words[0] == "nameserver" else { return false }
        return words[1].hasPrefix("127.") || words[1] == "::1"
    }
}
