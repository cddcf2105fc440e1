import Foundation

/// The fields of a form, or of an address's query: a name may come several times.
///
/// - SeeAlso: the URL standard, "application/x-www-form-urlencoded parsing".
struct FormFields {
    /// More are ignored.
    private static let maximumCount = 200

    private let fields: [(name: String, value: String)]

    init(_ text: String) {
        fields = text.split(separator: "&").prefix(Self.maximumCount).compactMap { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                return nil
            }
            return (name, value)
        }
    }

    /// The first value of the name; nil when it is empty.
    func value(_ name: String) -> String? {
        fields.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// nil for what isn't UTF-8.
    private static func decoded(_ text: Substring) -> String? { text.replacing("+", with: " ").removingPercentEncoding }
}
