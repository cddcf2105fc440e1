/// Numbers of bytes as people write them: `512`, `64KiB`, `4MiB`.
package enum ByteSize {
    /// From the largest on.
    private static let units: [(name: String, shift: Int)] = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)]

    /// nil for a text that isn't a size, or is too large for the type.
    package static func parse<Number: FixedWidthInteger>(_ text: String) -> Number? {
        let unit = units.first { text.hasSuffix($0.name) }
        let digits = text.dropLast(unit?.name.count ?? 0)
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        guard let count = Number(digits) else { return nil }
        guard let unit else { return count }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << Number(unit.shift))
        return overflow ? nil : bytes
    }

    package static func text<Number: FixedWidthInteger>(of bytes: Number) -> String {
        let unit = units.first { bytes > 0 && bytes.trailingZeroBitCount >= $0.shift }
        guard let unit else { return "\(bytes)" }
        return "\(bytes >> Number(unit.shift))\(unit.name)"
    }
}
