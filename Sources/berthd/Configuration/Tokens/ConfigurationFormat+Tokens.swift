import Tokens

extension ConfigurationFormat<KeyLocation> {
    static func keyLocation(allowsDiscovery: Bool) -> Self {
        ConfigurationFormat(
            allowed: (allowsDiscovery ? "'discovery', " : "") + "an https:// address of a key set, or a file's path",
            parse: { text in
                if text == "discovery" { return allowsDiscovery ? .discovery : nil }
                guard text.contains("://") else { return text.isEmpty ? nil : .file(text) }
                return KeyLocation.isTrustworthy(text) ? .url(text) : nil
            },
            text: { location in
                switch location {
                case .discovery: "discovery"
                case .url(let text), .file(let text): text
                }
            }
        )
    }
}

extension ConfigurationFormat<String> {
    /// An address that stands in a challenge, in quotes.
    static var realm: Self {
        ConfigurationFormat(
            allowed: "an address, as https://auth.example.com/token",
            parse: { text in
                let isShown = text.utf8.allSatisfy {
                    (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
                }
                return isShown && (text.hasPrefix("https://") || text.hasPrefix("http://")) ? text : nil
            },
            text: { $0 }
        )
    }
}
