import Glibc

/// An address and a port as the kernel's calls take them.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    /// From where it is reached; nil for this process's own network.
    var network: NetworkNamespace?

    /// Room for one that the kernel tells.
    init() {}

    init(_ address: IPAddress, _ port: UInt16) {
        switch address {
        case .v4(let address):
            let value = sockaddr_in(
                sin_family: sa_family_t(AF_INET),
                sin_port: port.bigEndian,
                sin_addr: in_addr(s_addr: address.number.bigEndian),
                sin_zero: (0, 0, 0, 0, 0, 0, 0, 0)
            )
            set(value)
        case .v6(let address):
            var value = sockaddr_in6()
            value.sin6_family = sa_family_t(AF_INET6)
            value.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &value.sin6_addr) { $0.copyBytes(from: address.bytes) }
            set(value)
        }
    }

    private mutating func set(_ value: some Any) {
        withUnsafeBytes(of: value) { bytes in
            withUnsafeMutableBytes(of: &storage) { $0.copyMemory(from: bytes) }
            length = socklen_t(bytes.count)
        }
    }

    func read<Value>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    mutating func write<Value>(_ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Value)
        -> Value
    {
        length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
        }
    }

    /// A socket to reach it by, which doesn't block; -1 with errno.
    func openSocket(_ type: __socket_type) -> Int32 {
        let type = Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        guard let network else { return socket(family, type, 0) }
        return (try? network.run { [family] in socket(family, type, 0) }) ?? -1
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// In this machine's order.
    var port: UInt16 {
        // At one place in both versions' structures.
        withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)) }
    }

    /// The bytes that count, to tell one from another.
    var key: [UInt8] { withUnsafeBytes(of: storage) { Array($0.prefix(Int(length))) } }
}
