import FoundationEssentials

/// Reads JSON that somebody else wrote.
package enum ForeignJSON {
    /// How deep arrays and objects may be nested: no document of ours needs a tenth of it.
    package static let maximumDepth = 100

    /// The document is nested deeper than ``maximumDepth``.
    package struct NestedTooDeep: Error, CustomStringConvertible {
        package var description: String { "it is nested more than \(maximumDepth) levels deep" }
    }

    /// Decodes `bytes`.
    ///
    /// Foundation's decoder has a bound of 512 levels, but ends the process when the bracket beyond it is the last byte
    /// (Swift 6.3); and a value that is decoded by recursion needs stack for each level.
    ///
    /// - Throws: `DecodingError`; ``NestedTooDeep``; what `Value` throws.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Collection<UInt8>) throws -> Value
    {
        let data = Data(bytes)
        guard data.withUnsafeBytes(depth) <= maximumDepth else {
            throw NestedTooDeep()
        }
        return try JSONDecoder().decode(type, from: data)
    }

    /// How deep arrays and objects are nested at most, whether or not `bytes` are JSON.
    private static func depth(of bytes: UnsafeRawBufferPointer) -> Int {
        var (depth, deepest) = (0, 0)
        var (isInString, isEscaped) = (false, false)
        for byte in bytes {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return deepest
    }
}
