import Glibc

/// A time as docker's `--since` and `--until` take it: RFC 3339, seconds since 1970, or how long ago.
struct LogMoment {
    /// Since 1970.
    let nanoseconds: Int64

    struct Unreadable: Error, CustomStringConvertible {
        let text: String

        var description: String {
            "'\(text)' is not a time: give one such as 2024-05-01T12:30:00Z, seconds since 1970, or 1h30m before now"
        }
    }

    /// - Throws: ``Unreadable``.
    init(_ text: String) throws(Unreadable) {
        if let timestamp = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "Z")
            ?? Timestamp(rfc3339: text + "T00:00:00Z")
        {
            nanoseconds = timestamp.seconds * 1_000_000_000
        } else if let seconds = Double(text), seconds.magnitude < 9e9 {
            nanoseconds = Int64(seconds * 1e9)
        } else if let ago = Self.seconds(text) {
            nanoseconds = (Int64(time(nil)) * 1_000_000_000) - Int64(ago * 1e9)
        } else {
            throw Unreadable(text: text)
        }
    }

    /// Go's durations: numbers with a unit each, such as `1h30m` or `1.5s`.
    static func seconds(_ text: String) -> Double? {
        let units: [Substring: Double] = ["ms": 0.001, "s": 1, "m": 60, "h": 3600, "us": 1e-6, "µs": 1e-6, "ns": 1e-9]
        var (rest, sum) = (text[...], 0.0)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(number), let factor = units[unit] else { return nil }
            sum += value * factor
        }
        return sum.magnitude < 9e9 ? sum : nil
    }
}
