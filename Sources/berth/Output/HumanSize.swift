/// `bytes` with three digits and a decimal unit, as docker shows sizes: `0B`, `1.02kB`, `4.26MB`, `187MB`.
func humanSize(_ bytes: Int64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    var value = Double(max(bytes, 0))
    var unit = 0
    while unit < units.count - 1, rounded(value) >= 1000 {
        value /= 1000
        unit += 1
    }
    return threeDigits(value) + units[unit]
}

/// To three significant digits.
private func rounded(_ value: Double) -> Double {
    let scale = scale(of: value)
    return (value * scale).rounded() / scale
}

/// Ten to the power of the digits behind the point.
private func scale(of value: Double) -> Double {
    if value >= 99.95 { return 1 }
    return value >= 9.995 ? 10 : 100
}

/// Without zeros at the end.
private func threeDigits(_ value: Double) -> String {
    let scale = Int64(scale(of: value))
    let scaled = Int64((value * Double(scale)).rounded())
    let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: scale)
    guard fraction > 0 else { return "\(whole)" }
    var digits = String(fraction)
    digits = String(repeating: "0", count: String(scale).count - 1 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(whole).\(digits)"
}
