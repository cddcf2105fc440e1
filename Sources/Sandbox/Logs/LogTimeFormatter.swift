import Glibc

/// Writes times as a log has them, such as `2016-10-06T00:17:09.669794202Z `.
struct LogTimeFormatter {
    private var second: Int64 = .min
    /// The time's beginning, up to the seconds.
    private var beginning: [UInt8] = []

    /// - Parameter time: nanoseconds since 1970.
    mutating func prefix(_ time: Int64) -> [UInt8] {
        let (seconds, nanoseconds) = time.quotientAndRemainder(dividingBy: 1_000_000_000)
        if seconds != second {
            second = seconds
            beginning = Self.beginning(of: seconds)
        }
        return beginning + Self.digits(Int(nanoseconds), 9) + [UInt8(ascii: "Z"), UInt8(ascii: " ")]
    }

    private static func beginning(of seconds: Int64) -> [UInt8] {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        return digits(Int(parts.tm_year) + 1900, 4) + [45] + digits(Int(parts.tm_mon) + 1, 2) + [45]
            + digits(Int(parts.tm_mday), 2) + [84] + digits(Int(parts.tm_hour), 2) + [58]
            + digits(Int(parts.tm_min), 2) + [58] + digits(Int(parts.tm_sec), 2) + [46]
    }

    private static func digits(_ number: Int, _ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: UInt8(ascii: "0"), count: count)
        var rest = number
        for index in stride(from: count - 1, through: 0, by: -1) {
            bytes[index] += UInt8(rest % 10)
            rest /= 10
        }
        return bytes
    }
}
