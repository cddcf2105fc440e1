/// Reads JSON into a ``JSONValue``, in one pass over the bytes.
///
/// A `JSONDecoder` finds out what an unknown value is by trying one type after the other, which is too slow for what is
/// read at each start: an index of a thousand images.
///
/// - SeeAlso: RFC 8259.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let refusesDuplicates: Bool
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, refusingDuplicates: Bool = false) {
        self.bytes = bytes
        refusesDuplicates = refusingDuplicates
    }

    /// Reads the one value that all the bytes are.
    mutating func parse() throws(ImageSpecError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpaces()
        guard position == bytes.count else { throw failure() }
        return value
    }

    private mutating func value(depth: Int) throws(ImageSpecError) -> JSONValue {
        guard depth <= ForeignJSON.maximumDepth else { throw failure() }
        skipSpaces()
        switch peek() {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(ImageSpecError) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        position += 1
        guard !take(UInt8(ascii: "}")) else { return members }
        repeat {
            skipSpaces()
            guard peek() == UInt8(ascii: "\"") else { throw failure() }
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw failure() }
            let former = members.updateValue(try value(depth: depth + 1), forKey: name)
            guard former == nil || !refusesDuplicates else { throw failure() }
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure() }
        return members
    }

    private mutating func array(depth: Int) throws(ImageSpecError) -> [JSONValue] {
        var elements: [JSONValue] = []
        position += 1
        guard !take(UInt8(ascii: "]")) else { return elements }
        repeat {
            elements.append(try value(depth: depth + 1))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure() }
        return elements
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(ImageSpecError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count,
            UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
                .elementsEqual(bytes[position..<end])
        else { throw failure() }
        position = end
        return value
    }

    private mutating func number() throws(ImageSpecError) -> JSONValue {
        let start = position
        while let byte = peek(), Self.isOfNumber(byte) { position += 1 }
        let digits = bytes[start..<position]
        let text = String(decoding: digits, as: UTF8.self)
        // Both parsers below take more than JSON has: a plus sign, zeros in front, hexadecimal.
        let first = digits.first == UInt8(ascii: "-") ? digits.dropFirst() : digits
        guard let leading = first.first, (48...57).contains(leading),
            leading != 48 || first.count == 1 || !(48...57).contains(first[first.startIndex + 1])
        else { throw failure() }
        if let point = digits.firstIndex(of: UInt8(ascii: ".")) {
            guard digits[digits.index(after: point)...].first.map({ (48...57).contains($0) }) == true else {
                throw failure()
            }
        }
        if let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw failure() }
        return .number(number)
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}

extension JSONParser {
    /// Reads a string, whose opening quote is at the position.
    private mutating func string() throws(ImageSpecError) -> String {
        position += 1
        let start = position
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return try text(bytes[start..<position])
            case UInt8(ascii: "\\"):
                return try escapedString(from: start)
            case ..<32:
                throw failure()
            default:
                position += 1
            }
        }
        throw failure()
    }

    private func text(_ utf8: some Collection<UInt8>) throws(ImageSpecError) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else { throw failure() }
        return text
    }

    /// Goes on with a string at its first backslash.
    private mutating func escapedString(from start: Int) throws(ImageSpecError) -> String {
        var content = Array(bytes[start..<position])
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(content)
            case UInt8(ascii: "\\"): content += try escape()
            case ..<32: throw failure()
            default: content.append(byte)
            }
        }
        throw failure()
    }

    /// What stands behind a backslash, as UTF-8.
    private mutating func escape() throws(ImageSpecError) -> [UInt8] {
        guard let byte = peek() else { throw failure() }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"): return Array(String(Character(try escapedScalar())).utf8)
        default: throw failure()
        }
    }

    /// One scalar of four digits, or of a pair of surrogates.
    private mutating func escapedScalar() throws(ImageSpecError) -> Unicode.Scalar {
        let unit = try escapedUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(unit)), peek() == UInt8(ascii: "\\") else { throw failure() }
        position += 1
        guard peek() == UInt8(ascii: "u") else { throw failure() }
        position += 1
        let second = try escapedUnit()
        guard UTF16.isTrailSurrogate(UInt16(second)),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (second - 0xdc00))
        else { throw failure() }
        return scalar
    }

    private mutating func escapedUnit() throws(ImageSpecError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw failure() }
        var unit: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw failure() }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Skips spaces, and then `byte`; false when something else stands there.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpaces()
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpaces() {
        while let byte = peek(), byte == 32 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
    }

    private func failure() -> ImageSpecError { .invalidJSON(position: position) }
}
