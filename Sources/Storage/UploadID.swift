import Foundation

/// The name of an upload session: a random UUID in lower case.
package struct UploadID: Sendable, Hashable {
    package let rawValue: String

    /// A new name that nobody can guess.
    package init() {
        rawValue = UUID().uuidString.lowercased()
    }

    /// Parses a UUID; nil when it isn't one.
    package init?(_ string: some StringProtocol) {
        guard let uuid = UUID(uuidString: String(string)) else { return nil }
        rawValue = uuid.uuidString.lowercased()
    }
}

extension UploadID: CustomStringConvertible {
    package var description: String { rawValue }
}
