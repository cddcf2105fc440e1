/// Ports that follow each other: `80`, or `8000-8010`.
struct PortRange: Hashable {
    let first: UInt16
    let last: UInt16

    /// Nil for what isn't one, or begins at 0.
    init?(_ text: some StringProtocol) {
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = Self.port(ends[0]), let last = ends.count == 2 ? Self.port(ends[1]) : first, first <= last
        else { return nil }
        self.first = first
        self.last = last
    }

    private static func port(_ text: some StringProtocol) -> UInt16? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let port = UInt16(text),
            port > 0
        else { return nil }
        return port
    }

    var ports: [UInt16] { Array(first...last) }
    var count: Int { Int(last) - Int(first) + 1 }
}
