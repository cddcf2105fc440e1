/// Writes tar archives byte by byte, also ones that no honest program would.
struct TarBuilder {
    enum Kind: Character {
        case file = "0"
        case hardLink = "1"
        case symbolicLink = "2"
        case characterDevice = "3"
        case folder = "5"
        case extendedHeader = "x"
    }

    private(set) var bytes: [UInt8] = []

    /// Appends an entry; a name over 100 bytes needs a `path` record before it.
    mutating func add(
        _ name: String,
        _ kind: Kind = .file,
        content: String = "",
        link: String = "",
        mode: Int = 0o644,
        user: Int = 0,
        claimedSize: Int? = nil
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int, length: Int) {
            for (index, byte) in text.utf8.prefix(length).enumerated() { header[offset + index] = byte }
        }
        func octal(_ number: Int, width: Int) -> String {
            let digits = String(number, radix: 8)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        put(name, at: 0, length: 100)
        put(octal(mode, width: 7), at: 100, length: 7)
        put(octal(user, width: 7), at: 108, length: 7)
        put(octal(0, width: 7), at: 116, length: 7)
        put(octal(claimedSize ?? content.utf8.count, width: 11), at: 124, length: 11)
        put(octal(1_000_000_000, width: 11), at: 136, length: 11)
        put("        ", at: 148, length: 8)
        put(String(kind.rawValue), at: 156, length: 1)
        put(link, at: 157, length: 100)
        put("ustar\u{0}00", at: 257, length: 8)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(octal(sum, width: 6) + "\u{0} ", at: 148, length: 8)
        bytes += header + content.utf8
        bytes += [UInt8](repeating: 0, count: (512 - content.utf8.count % 512) % 512)
    }

    /// Appends pax records that hold for the next entry.
    mutating func addRecords(_ records: [(key: String, value: String)]) {
        let content = records.map { record in
            let rest = " \(record.key)=\(record.value)\n"
            var length = rest.utf8.count
            while "\(length)".utf8.count + rest.utf8.count != length {
                length = "\(length)".utf8.count + rest.utf8.count
            }
            return "\(length)\(rest)"
        }
        add("records", .extendedHeader, content: content.joined())
    }

    /// Appends the two blocks that end an archive.
    mutating func finish() {
        bytes += [UInt8](repeating: 0, count: 1024)
    }

    /// A whole archive of what `body` adds.
    static func archive(_ body: (inout TarBuilder) -> Void) -> [UInt8] {
        var builder = TarBuilder()
        body(&builder)
        builder.finish()
        return builder.bytes
    }
}
