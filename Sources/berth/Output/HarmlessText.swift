extension String {
    /// The text without what a terminal would obey: names and histories are other people's words.
    var harmless: String {
        guard utf8.contains(where: { $0 < 32 || $0 >= 127 }) else { return self }
        return String(unicodeScalars.map { $0.isHarmless ? Character($0) : "?" })
    }
}

extension Unicode.Scalar {
    fileprivate var isHarmless: Bool {
        switch properties.generalCategory {
        case .control: self == "\n" || self == "\t"
        case .format: false
        default: true
        }
    }
}
