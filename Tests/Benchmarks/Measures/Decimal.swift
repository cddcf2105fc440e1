import Foundation

/// `value` with `places` digits behind the point.
func decimal(_ value: Double, places: Int) -> String {
    String(format: "%.\(places)f", value)
}

/// `value` with about three digits that say something.
func rounded(_ value: Double) -> String {
    switch abs(value) {
    case 100...: decimal(value, places: 0)
    case 10...: decimal(value, places: 1)
    case 1...: decimal(value, places: 2)
    default: decimal(value, places: 3)
    }
}

func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
