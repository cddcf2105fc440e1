extension String {
    /// In quotes, with an escape for all that can't be seen, as Go's `%q` and so docker's lists have it.
    ///
    /// - SeeAlso: Go's `strconv.Quote`.
    var quotedLikeGo: String {
        "\"" + unicodeScalars.map(\.escapedLikeGo).joined() + "\""
    }
}

extension Unicode.Scalar {
    fileprivate var escapedLikeGo: String {
        switch self {
        case "\"": #"\""#
        case "\\": #"\\"#
        case "\n": #"\n"#
        case "\t": #"\t"#
        case "\r": #"\r"#
        case "\u{7}": #"\a"#
        case "\u{8}": #"\b"#
        case "\u{b}": #"\v"#
        case "\u{c}": #"\f"#
        case " ": " "
        default: isShown ? String(self) : hexadecimal
        }
    }

    private var isShown: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }

    private var hexadecimal: String {
        let digits = String(value, radix: 16)
        let (letter, length) = value < 0x80 ? ("x", 2) : value < 0x10000 ? ("u", 4) : ("U", 8)
        return "\\\(letter)" + String(repeating: "0", count: length - digits.count) + digits
    }
}
