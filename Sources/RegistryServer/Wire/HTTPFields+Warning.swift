import HTTPTypes

extension HTTPFields {
    /// Says that the answer is what was known before.
    ///
    /// - SeeAlso: RFC 7234, section 5.5.2: "Revalidation Failed".
    mutating func warn(of staleness: String?) {
        guard let staleness else { return }
        let text = staleness.unicodeScalars.filter { $0.isASCII && $0.value >= 0x20 && $0 != "\"" && $0 != "\\" }
        self[.warning] = "111 berthd \"\(String(String.UnicodeScalarView(text.prefix(300))))\""
    }
}
