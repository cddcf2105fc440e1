import Access

/// What callers are called for whom another provider vouches.
enum FederatedName {
    /// In bytes.
    private static let maximumLength = 256

    /// A name for logs that can't be taken for an account's: no control characters, and not too long.
    static func text(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            let isShown = !scalar.properties.isDefaultIgnorableCodePoint && !isControl(scalar)
            text.unicodeScalars.append(isShown ? scalar : "?")
            if text.utf8.count >= maximumLength { break }
        }
        return (try? AccountName(text)) == nil && !text.isEmpty ? text : "oidc:\(text)"
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}
