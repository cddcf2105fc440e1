import Glibc
import Synchronization
import SystemPackage

/// Ports of 127.0.0.1.
enum LoopbackPort {
    /// What ``free()`` has given; protects two tests from choosing the same port before either listens.
    private static let given = Mutex<Set<Int>>([])

    /// A port that nobody listens at, below those that the kernel gives to outgoing connections.
    static func free() throws -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: 20000..<32000)
            guard given.withLock({ $0.insert(port).inserted }), try canListen(at: port) else { continue }
            return port
        }
        throw Errno.addressInUse
    }

    private static func canListen(at port: Int) throws -> Bool {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw Errno(rawValue: errno) }
        defer { close(listener) }
        var address = address(of: port)
        return withSocketAddress(&address) { bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }

    /// Whether somebody listens at `port`.
    static func answers(_ port: Int) -> Bool {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard client >= 0 else { return false }
        defer { close(client) }
        var address = address(of: port)
        return withSocketAddress(&address) { connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }

    private static func address(of port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    private static func withSocketAddress<Result>(
        _ address: inout sockaddr_in,
        _ body: (UnsafeMutablePointer<sockaddr>) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }
}
