/// One header of a tar archive: a block that says what follows it.
///
/// - SeeAlso: POSIX.1-2017, pax, "ustar Interchange Format"; the GNU tar manual, "Basic Tar Format".
struct TarHeader: Sendable, Equatable {
    /// In bytes; all of an archive comes in these.
    static let blockSize = 512

    enum Kind: Sendable, Equatable {
        case file
        case hardLink
        case symbolicLink
        /// Records for the next header: `path`, `size` and others.
        case extendedHeader
        /// The next header's name, too long for it.
        case longName
        /// The next header's link target, too long for it.
        case longLink
        case other
    }

    var name: String
    let kind: Kind
    /// Of what follows, in bytes.
    var size: Int64
    var linkTarget: String

    /// Parses a block; nil when it is none of a header's: its sum must be right.
    init?(_ block: [UInt8]) {
        guard block.count == Self.blockSize, let sum = Self.number(block[148..<156]) else { return nil }
        let actual = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int64($1.element)) }
        guard sum == actual, let size = Self.number(block[124..<136]), size >= 0 else { return nil }
        self.size = size
        kind = Self.kind(block[156])
        linkTarget = Self.text(block[157..<257])
        let name = Self.text(block[0..<100])
        let isUstar = block[257..<262].elementsEqual("ustar".utf8) && block[262] == 0
        let prefix = isUstar ? Self.text(block[345..<500]) : ""
        self.name = prefix.isEmpty ? name : "\(prefix)/\(name)"
    }

    /// How many bytes what follows takes, filled up to whole blocks.
    var paddedSize: Int64? {
        let (sum, overflow) = size.addingReportingOverflow(Int64(Self.blockSize - 1))
        return overflow ? nil : sum & ~Int64(Self.blockSize - 1)
    }

    private static func kind(_ flag: UInt8) -> Kind {
        switch flag {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
        case UInt8(ascii: "1"): .hardLink
        case UInt8(ascii: "2"): .symbolicLink
        case UInt8(ascii: "x"): .extendedHeader
        case UInt8(ascii: "L"): .longName
        case UInt8(ascii: "K"): .longLink
        default: .other
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits, or, with the first bit set, a binary number.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard let first = bytes.first else { return nil }
        if first & 0x80 != 0 {
            guard first == 0x80 else { return nil }
            return bytes.dropFirst().reduce(Int64?(0)) { value, byte in
                guard let value, value <= Int64.max >> 8 else { return nil }
                return value << 8 | Int64(byte)
            }
        }
        let digits = bytes.drop { $0 == 32 }.prefix { $0 != 0 && $0 != 32 }
        guard digits.allSatisfy({ (48...55).contains($0) }) else { return nil }
        return digits.reduce(Int64(0)) { $0 << 3 | Int64($1 - 48) }
    }
}

extension TarHeader {
    /// The block for a file, with no time and no owner, so that the same files make the same archive.
    ///
    /// - Parameter name: at most 100 bytes long.
    static func block(name: String, size: Int64, flag: UInt8 = UInt8(ascii: "0")) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockSize)
        func put(_ bytes: some Collection<UInt8>, at offset: Int) {
            for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
        }
        func octal(_ value: Int64, digits: Int) -> [UInt8] {
            let text = String(value, radix: 8)
            return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
        }
        put(name.utf8.prefix(100), at: 0)
        put(octal(0o644, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        if size < 1 << 33 {
            put(octal(size, digits: 11), at: 124)
        } else {
            block[124] = 0x80
            put((0..<8).map { UInt8(truncatingIfNeeded: size >> (56 - 8 * $0)) }, at: 128)
        }
        put(octal(0, digits: 11), at: 136)
        block[156] = flag
        put("ustar\u{0}00".utf8, at: 257)
        put([UInt8](repeating: 32, count: 8), at: 148)
        let sum = block.reduce(Int64(0)) { $0 + Int64($1) }
        put(octal(sum, digits: 6) + [0, 32], at: 148)
        return block
    }
}
