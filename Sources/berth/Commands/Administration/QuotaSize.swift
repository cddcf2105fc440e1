/// A number of bytes as people write it: `512`, `64KiB`, `100GiB`.
struct QuotaSize {
    let bytes: Int64

    init?(_ text: String) {
        let units: [(name: String, shift: Int)] = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)]
        let unit = units.first { text.hasSuffix($0.name) }
        guard let count = Int64(text.dropLast(unit?.name.count ?? 0)), count >= 0 else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << Int64(unit?.shift ?? 0))
        guard !overflow else { return nil }
        self.bytes = bytes
    }
}
