import ImageSpec

/// What stands behind `HEALTHCHECK`: `NONE`, or options and `CMD` with a command.
struct HealthcheckInstruction {
    /// As the field `Healthcheck` of an image's config has it; times are nanoseconds.
    let field: JSONValue

    /// - Parameter whole: what `text` is a part of, for the error.
    /// - Throws: ``ImageStoreError/invalidChange(_:reason:)``.
    init(_ text: String, of whole: String) throws(ImageStoreError) {
        var rest = Substring(text)
        var fields: [String: JSONValue] = [:]
        while rest.hasPrefix("--") {
            let (name, value) = try Self.option(String(Self.takeWord(&rest)), of: whole)
            fields[name] = value
        }
        let kind = Self.takeWord(&rest).uppercased()
        switch (kind, rest.isEmpty) {
        case ("NONE", true) where fields.isEmpty:
            fields["Test"] = .array([.string("NONE")])
        case ("CMD", false):
            let test = ImageChange.list(String(rest)).map { ["CMD"] + $0 } ?? ["CMD-SHELL", String(rest)]
            guard test.count > 1 else { throw .invalidChange(whole, reason: "nothing stands behind CMD") }
            fields["Test"] = .array(test.map { .string($0) })
        default:
            throw .invalidChange(whole, reason: "it should be NONE alone, or CMD with a command behind its options")
        }
        field = .object(fields)
    }

    /// The next word; `rest` begins behind it and its spaces.
    private static func takeWord(_ rest: inout Substring) -> Substring {
        let word = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(word.count).drop(while: \.isWhitespace)
        return word
    }

    private static func option(_ word: String, of whole: String) throws(ImageStoreError) -> (String, JSONValue) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = parts.count == 2 ? parts[1] : ""
        switch parts[0] {
        case "--interval": return ("Interval", try time(value, of: whole))
        case "--timeout": return ("Timeout", try time(value, of: whole))
        case "--start-period": return ("StartPeriod", try time(value, of: whole))
        case "--retries":
            guard let count = Int32(value), count > 0 else {
                throw .invalidChange(whole, reason: "--retries=\(value) is no number from 1 on")
            }
            return ("Retries", .integer(Int64(count)))
        default:
            throw .invalidChange(
                whole,
                reason: "'\(word)' is none of --interval=, --timeout=, --start-period= and --retries="
            )
        }
    }

    private static func time(_ text: String, of whole: String) throws(ImageStoreError) -> JSONValue {
        // As docker's: less than a millisecond would be no pause at all.
        guard let nanoseconds = nanoseconds(text), nanoseconds >= 1_000_000 else {
            throw .invalidChange(whole, reason: "'\(text)' is no time from 1ms on, such as 30s or 1m30s")
        }
        return .integer(nanoseconds)
    }

    private static let units: [Substring: Double] = [
        "ns": 1, "us": 1e3, "µs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
    ]

    /// Reads numbers with their units, as Go writes times: `1m30s`, `1.5h`.
    private static func nanoseconds(_ text: String) -> Int64? {
        var rest = Substring(text)
        var sum = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isASCII && $0.isNumber || $0 == ".") }
            rest = rest.dropFirst(unit.count)
            guard let number = Double(number), let unit = units[unit] else { return nil }
            sum += number * unit
        }
        return text.isEmpty ? nil : Int64(exactly: sum.rounded())
    }
}
