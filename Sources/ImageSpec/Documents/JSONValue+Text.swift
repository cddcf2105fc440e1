extension JSONValue {
    /// Parses a document.
    ///
    /// - Parameter refusingDuplicates: whether an object that has a key twice is refused: of what is signed, two readers
    ///   must not read two things. Else the last one counts.
    /// - Throws: ``ImageSpecError/invalidJSON(position:)``.
    package init(parsing document: [UInt8], refusingDuplicates: Bool = false) throws(ImageSpecError) {
        // A typed throw does not come through the standard library's closure.
        let result = document.withUnsafeBufferPointer { buffer -> Result<JSONValue, ImageSpecError> in
            var parser = JSONParser(buffer, refusingDuplicates: refusingDuplicates)
            do throws(ImageSpecError) {
                return .success(try parser.parse())
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }

    /// The value as JSON: sorted keys, no spaces.
    package var compactText: [UInt8] {
        var writer = JSONWriter(indentation: nil)
        writer.write(self)
        return writer.bytes
    }

    /// The value as JSON for a person: a member a line, indented by four spaces.
    package var prettyText: String {
        var writer = JSONWriter(indentation: 4)
        writer.write(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// An object's member; nil when it has none of the name, and for values that are no objects.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text of a string; nil for other values.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}

/// Writes values as JSON, the same value always in the same way.
private struct JSONWriter {
    /// How many spaces a level has; nil for no line breaks at all.
    let indentation: Int?
    private(set) var bytes: [UInt8] = []
    private var level = 0

    init(indentation: Int?) {
        self.indentation = indentation
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let flag): bytes += (flag ? "true" : "false").utf8
        case .integer(let number): bytes += "\(number)".utf8
        case .number(let number): bytes += (number.isFinite ? "\(number)" : "null").utf8
        case .string(let text): write(text)
        case .array(let elements):
            writeList("[", "]", elements) { writer, element in writer.write(element) }
        case .object(let members):
            writeList("{", "}", members.sorted { $0.key < $1.key }) { writer, member in
                writer.write(member.key)
                writer.bytes += (writer.indentation == nil ? ":" : ": ").utf8
                writer.write(member.value)
            }
        }
    }

    private mutating func writeList<Element>(
        _ opening: Unicode.Scalar,
        _ closing: Unicode.Scalar,
        _ elements: [Element],
        _ write: (inout JSONWriter, Element) -> Void
    ) {
        bytes.append(UInt8(ascii: opening))
        level += 1
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            breakLine()
            write(&self, element)
        }
        level -= 1
        if !elements.isEmpty { breakLine() }
        bytes.append(UInt8(ascii: closing))
    }

    private mutating func breakLine() {
        guard let indentation else { return }
        bytes.append(10)
        bytes += repeatElement(32, count: level * indentation)
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 8: bytes += "\\b".utf8
            case 9: bytes += "\\t".utf8
            case 10: bytes += "\\n".utf8
            case 12: bytes += "\\f".utf8
            case 13: bytes += "\\r".utf8
            case ..<32, 127: bytes += "\\u\(String(0x10000 + Int(byte), radix: 16).dropFirst())".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
