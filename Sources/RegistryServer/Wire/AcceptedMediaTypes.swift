import HTTPTypes
import ImageSpec

/// The media types that a client's `Accept` headers name.
///
/// - SeeAlso: RFC 9110, section 12.5.1.
struct AcceptedMediaTypes {
    private let values: [String]

    init(_ headers: HTTPFields) {
        values = headers[values: .accept]
    }

    /// Whether the client takes content of `type`. All manifests are JSON, so `application/json` takes them too; and a
    /// client that doesn't say takes anything.
    func includes(_ type: MediaType) -> Bool {
        var saysNothing = true
        for value in values {
            for entry in value.utf8.split(separator: UInt8(ascii: ",")) {
                let range = entry.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != UInt8(ascii: " ") }
                guard !range.isEmpty else { continue }
                saysNothing = false
                if Self.range(range, includes: type), !Self.isRefused(entry) { return true }
            }
        }
        return saysNothing
    }

    private static func range(_ range: [UInt8], includes type: MediaType) -> Bool {
        isEqual(range, type.rawValue) || ["*/*", "application/*", "application/json"].contains { isEqual(range, $0) }
    }

    /// Whether letters differ in case at most.
    private static func isEqual(_ range: [UInt8], _ type: String) -> Bool {
        range.count == type.utf8.count && range.lazy.map(lowercased).elementsEqual(type.utf8.lazy.map(lowercased))
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// Whether the entry has the weight 0: "not acceptable".
    private static func isRefused(_ entry: Substring.UTF8View) -> Bool {
        guard let semicolon = entry.firstIndex(of: UInt8(ascii: ";")) else { return false }
        return Substring(entry[semicolon...]).split(separator: ";").contains { parameter in
            let text = parameter.filter { $0 != " " }.lowercased()
            return text.hasPrefix("q=") && Double(text.dropFirst(2)) == 0
        }
    }
}
