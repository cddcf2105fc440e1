import Synchronization

/// Ids by which a request is found again, in the log and by its client.
enum RequestID {
    private static let next = Atomic<UInt64>(UInt64.random(in: 0 ... .max))
    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// An id that no other request of this process has, and hardly one of another process: 13 letters and digits, few
    /// enough for a string without memory of its own.
    static func make() -> String {
        // The counter's steps are spread over all 64 bits, without two of them meeting (splitmix64).
        var bits = next.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        bits ^= bits >> 31
        return String(unsafeUninitializedCapacity: 13) { buffer in
            for index in 0..<13 {
                buffer[index] = digits[Int(bits & 31)]
                bits >>= 5
            }
            return 13
        }
    }

    /// Whether a client's or proxy's own id can be used: short, and nothing in it that a log or header would stumble on.
    static func isSane(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                    UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "+"), UInt8(ascii: "="):
                    true
                default: false
                }
            }
    }
}
