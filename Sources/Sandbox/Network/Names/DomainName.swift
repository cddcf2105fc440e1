/// What of a name may go into a file that programs read, or be asked for.
enum DomainName {
    /// In bytes.
    static let maximumLength = 253

    /// Letters, digits, `-`, `_` and `.`; containers are named more freely than hosts.
    static func isValid(_ text: some StringProtocol) -> Bool {
        (1...maximumLength).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                $0.isASCIIAlphanumeric || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains($0)
            }
    }
}
