extension Duration {
    /// From the largest on, in milliseconds.
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// Reads `500ms`, `30s`, `5m`, `2h` or `1d`; a plain number only when it is 0.
    init?(unitText text: String) {
        let digits = text.prefix { ("0"..."9").contains($0) }
        guard let count = Int64(digits) else { return nil }
        if count == 0, digits.count == text.count {
            self = .zero
            return
        }
        let name = text.dropFirst(digits.count)
        guard let unit = Self.units.first(where: { $0.name == name }) else { return nil }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow, milliseconds < Int64.max / 1000 else { return nil }
        self = .milliseconds(milliseconds)
    }

    /// The duration in the largest unit in which it is whole; what is less than a millisecond is left out.
    var unitText: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        guard milliseconds > 0 else { return "0s" }
        let unit = Self.units.first { milliseconds % $0.milliseconds == 0 }
        guard let unit else { return "\(milliseconds)ms" }
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}
