import ConfigurationText
import Logging
import SystemPackage

/// How values of one type are written in the configuration.
struct ConfigurationFormat<Value: Sendable>: Sendable {
    /// What may be written, as the rest of a sentence that begins with "should be".
    let allowed: String
    /// nil when the text isn't allowed.
    let parse: @Sendable (String) -> Value?
    let text: @Sendable (Value) -> String
}

extension ConfigurationFormat {
    /// What `format` takes, or `off`.
    static func optional<Wrapped>(_ format: ConfigurationFormat<Wrapped>) -> Self where Value == Wrapped? {
        ConfigurationFormat(
            allowed: "'off' or \(format.allowed)",
            parse: { text in text == "off" ? .some(nil) : format.parse(text).map { .some($0) } },
            text: { $0.map(format.text) ?? "off" }
        )
    }
}

extension ConfigurationFormat where Value: CaseIterable & RawRepresentable<String> {
    /// One of the names that a type has for its cases.
    static var choice: Self {
        ConfigurationFormat(
            allowed: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
            parse: { Value(rawValue: $0) },
            text: { $0.rawValue }
        )
    }
}

extension ConfigurationFormat<Bool> {
    static var flag: Self {
        ConfigurationFormat(allowed: "true or false", parse: { Bool($0) }, text: { String($0) })
    }
}

extension ConfigurationFormat<Int> {
    static func count(_ range: ClosedRange<Int>) -> Self {
        ConfigurationFormat(
            allowed: "a number from \(range.lowerBound) to \(range.upperBound)",
            parse: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } },
            text: { String($0) }
        )
    }
}

extension ConfigurationFormat where Value: FixedWidthInteger {
    /// A number of bytes, with a unit where it is whole in it.
    static func bytes(_ range: ClosedRange<Value>) -> Self {
        let bounds = "\(ByteSize.text(of: range.lowerBound)) to \(ByteSize.text(of: range.upperBound))"
        return ConfigurationFormat(
            allowed: "a size from \(bounds), as 512, 64KiB, 4MiB or 1GiB",
            parse: { text in ByteSize.parse(text).flatMap { range.contains($0) ? $0 : nil } },
            text: { ByteSize.text(of: $0) }
        )
    }
}

extension ConfigurationFormat<Duration> {
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        ConfigurationFormat(
            allowed:
                "a time from \(range.lowerBound.unitText) to \(range.upperBound.unitText), as 500ms, 30s, 5m or 2h",
            parse: { text in Duration(unitText: text).flatMap { range.contains($0) ? $0 : nil } },
            text: { $0.unitText }
        )
    }
}

extension ConfigurationFormat<ListenAddress> {
    static var address: Self {
        ConfigurationFormat(
            allowed: "HOST:PORT, as 127.0.0.1:5000 or [::1]:5000",
            parse: { ListenAddress($0) },
            text: { $0.description }
        )
    }
}

extension ConfigurationFormat<FilePath> {
    /// An empty path would mean whatever folder berthd was started in.
    static var folder: Self {
        ConfigurationFormat(
            allowed: "a folder's path",
            parse: { $0.isEmpty ? nil : FilePath($0) },
            text: { $0.string }
        )
    }

    static var file: Self {
        ConfigurationFormat(
            allowed: "a file's path",
            parse: { $0.isEmpty ? nil : FilePath($0) },
            text: { $0.string }
        )
    }
}

extension ConfigurationFormat<String> {
    static var name: Self {
        ConfigurationFormat(allowed: "a name", parse: { $0.isEmpty ? nil : $0 }, text: { $0 })
    }
}

extension ConfigurationFormat<String> {
    /// What stands in tokens and challenges: no quotes, no spaces.
    static var tokenName: Self {
        ConfigurationFormat(
            allowed: "1 to 200 letters, digits and . _ - : / without spaces",
            parse: { text in
                let isAllowed = text.utf8.allSatisfy { byte in
                    (UInt8(ascii: "-")...UInt8(ascii: ":")).contains(byte) || byte == UInt8(ascii: "_")
                        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                }
                return (1...200).contains(text.utf8.count) && isAllowed ? text : nil
            },
            text: { $0 }
        )
    }
}
