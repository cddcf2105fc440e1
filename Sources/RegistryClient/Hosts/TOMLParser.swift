/// Reads what hosts files are written in: TOML 1.0 without arrays of tables and strings of several lines.
///
/// - SeeAlso: toml.io, "TOML v1.0.0".
struct TOMLParser {
    /// What can't be read, and where.
    struct Failure: Error, Equatable {
        /// Counted from 1.
        let line: Int
        let reason: String
    }

    private static let maximumDepth = 16

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    /// - Throws: ``Failure``.
    static func table(in bytes: [UInt8]) throws(Failure) -> TOMLTable {
        var parser = TOMLParser(bytes: bytes)
        return try parser.document()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func document() throws(Failure) -> TOMLTable {
        var root = TOMLTable()
        var header: [String] = []
        while true {
            skipBlankLines()
            guard let byte = current else { return root }
            if byte == UInt8(ascii: "[") {
                header = try tableHeader()
                try set(.table(TOMLTable()), at: header, in: &root)
            } else {
                let (path, value) = try assignment(depth: 0)
                try set(value, at: header + path, in: &root)
            }
            try endLine()
        }
    }

    private func set(_ value: TOMLValue, at path: [String], in table: inout TOMLTable) throws(Failure) {
        guard path.count <= Self.maximumDepth else { throw failure("it is nested too deep") }
        guard table.set(value, at: path[...]) else {
            throw failure("'\(path.joined(separator: "."))' is there already")
        }
    }

    private mutating func tableHeader() throws(Failure) -> [String] {
        position += 1
        guard current != UInt8(ascii: "[") else { throw failure("arrays of tables are not known here") }
        let path = try key()
        try expect(UInt8(ascii: "]"))
        return path
    }

    private mutating func assignment(depth: Int) throws(Failure) -> (path: [String], value: TOMLValue) {
        let path = try key()
        try expect(UInt8(ascii: "="))
        skipSpace()
        return (path, try value(depth: depth))
    }

    /// Names divided by dots, and the space around them.
    private mutating func key() throws(Failure) -> [String] {
        var path: [String] = []
        while true {
            skipSpace()
            path.append(try name())
            skipSpace()
            guard current == UInt8(ascii: ".") else { return path }
            position += 1
        }
    }

    private mutating func name() throws(Failure) -> String {
        if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") { return try string() }
        let name = take(while: Self.isBareKeyByte)
        guard !name.isEmpty else { throw failure("a key should stand here") }
        return name
    }

    private mutating func value(depth: Int) throws(Failure) -> TOMLValue {
        guard depth < Self.maximumDepth else { throw failure("it is nested too deep") }
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "{"): return .table(try inlineTable(depth: depth))
        default:
            let text = take(while: Self.isPlainValueByte)
            guard !text.isEmpty else { throw failure("a value should stand here") }
            return text == "true" || text == "false" ? .bool(text == "true") : .other(text)
        }
    }

    private mutating func array(depth: Int) throws(Failure) -> [TOMLValue] {
        position += 1
        var values: [TOMLValue] = []
        while true {
            skipBlankLines()
            if current == UInt8(ascii: "]") { break }
            values.append(try value(depth: depth + 1))
            skipBlankLines()
            guard current == UInt8(ascii: ",") else { break }
            position += 1
        }
        try expect(UInt8(ascii: "]"))
        return values
    }

    private mutating func inlineTable(depth: Int) throws(Failure) -> TOMLTable {
        position += 1
        var table = TOMLTable()
        skipSpace()
        while current != UInt8(ascii: "}") {
            let (path, value) = try assignment(depth: depth + 1)
            try set(value, at: path, in: &table)
            skipSpace()
            guard current == UInt8(ascii: ",") else { break }
            position += 1
        }
        try expect(UInt8(ascii: "}"))
        return table
    }

    private mutating func string() throws(Failure) -> String {
        let quote = bytes[position]
        if bytes[position...].starts(with: [quote, quote, quote]) {
            throw failure("strings of several lines are not known here")
        }
        position += 1
        var content: [UInt8] = []
        while let byte = current, byte != UInt8(ascii: "\n") {
            position += 1
            if byte == quote {
                guard let text = String(validating: content, as: UTF8.self) else { throw failure("it is not UTF-8") }
                return text
            }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                content += try escaped()
            } else {
                content.append(byte)
            }
        }
        throw failure("a string has no end")
    }

    private mutating func escaped() throws(Failure) -> [UInt8] {
        defer { position += 1 }
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [bytes[position]]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "u"): return try scalar(digits: 4)
        case UInt8(ascii: "U"): return try scalar(digits: 8)
        default: throw failure("a backslash is followed by what it can't be")
        }
    }

    /// Leaves the position at the last digit.
    private mutating func scalar(digits count: Int) throws(Failure) -> [UInt8] {
        let digits = bytes[(position + 1)...].prefix(count)
        guard digits.count == count, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw failure("a backslash is followed by no character's number") }
        position += count
        return Array(String(Character(scalar)).utf8)
    }

    // MARK: - Bytes

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(while isTaken: (UInt8) -> Bool) -> String {
        let taken = bytes[position...].prefix(while: isTaken)
        position = taken.endIndex
        return String(decoding: taken, as: UTF8.self)
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x09 { position += 1 }
    }

    private mutating func skipBlankLines() {
        while true {
            skipSpace()
            switch current {
            case UInt8(ascii: "#"): _ = take { $0 != UInt8(ascii: "\n") }
            case UInt8(ascii: "\n"):
                position += 1
                line += 1
            case UInt8(ascii: "\r"): position += 1
            default: return
            }
        }
    }

    private mutating func endLine() throws(Failure) {
        skipSpace()
        switch current {
        case nil, UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "#"): return
        default: throw failure("the line should end here")
        }
    }

    private mutating func expect(_ byte: UInt8) throws(Failure) {
        skipSpace()
        guard current == byte else { throw failure("'\(Character(Unicode.Scalar(byte)))' should stand here") }
        position += 1
    }

    private func failure(_ reason: String) -> Failure { Failure(line: line, reason: reason) }

    private static func isBareKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func isPlainValueByte(_ byte: UInt8) -> Bool {
        isBareKeyByte(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ":")
    }
}
