import Glibc
import Logging

/// Builds one line of the log. Whatever a value holds, it stays one line, and can't look like another field.
struct LogLine {
    private let format: LogFormat
    private(set) var bytes: [UInt8] = []

    init(_ format: LogFormat, level: Logger.Level, message: String, at time: timespec = .now) {
        self.format = format
        bytes.reserveCapacity(384)
        switch format {
        case .text:
            append(time)
            append(" ")
            append(level.rawValue)
            append(" ")
            appendEscaped(message, quotes: false)
        case .json:
            append(#"{"time":""#)
            append(time)
            append(#"","level":""#)
            append(level.rawValue)
            append(#"","message":""#)
            appendEscaped(message, quotes: true)
            append(#"""#)
        }
    }

    mutating func add(_ name: String, _ value: some StringProtocol) {
        begin(name)
        switch format {
        case .text:
            guard Self.needsQuotes(value) else { return append(value) }
            append(#"""#)
            appendEscaped(value, quotes: true)
            append(#"""#)
        case .json:
            append(#"""#)
            appendEscaped(value, quotes: true)
            append(#"""#)
        }
    }

    mutating func add(_ name: String, _ value: Int64) {
        begin(name)
        append(value)
    }

    /// Adds a duration in milliseconds, with three places behind the point.
    mutating func add(_ name: String, nanoseconds: Int64) {
        begin(name)
        let microseconds = max(0, nanoseconds / 1000)
        append(microseconds / 1000)
        append(".")
        append(microseconds % 1000, digits: 3)
    }

    mutating func end() {
        if format == .json { append("}") }
        append("\n")
    }

    private mutating func begin(_ name: String) {
        switch format {
        case .text:
            append(" ")
            appendEscaped(name, quotes: true)
            append("=")
        case .json:
            append(#",""#)
            appendEscaped(name, quotes: true)
            append(#"":"#)
        }
    }

    private mutating func append(_ text: some StringProtocol) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func append(_ number: Int64) {
        append(String(number))
    }

    private mutating func append(_ number: Int64, digits: Int) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    /// As RFC 3339 has it, in UTC, with milliseconds.
    private mutating func append(_ time: timespec) {
        let (days, seconds) = Int64(time.tv_sec).quotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate(daysSince1970: days)
        append(date.year, digits: 4)
        for (mark, value) in [("-", date.month), ("-", date.day), ("T", seconds / 3600)] {
            append(mark)
            append(value, digits: 2)
        }
        for value in [seconds / 60 % 60, seconds % 60] {
            append(":")
            append(value, digits: 2)
        }
        append(".")
        append(Int64(time.tv_nsec) / 1_000_000, digits: 3)
        append("Z")
    }

    private mutating func appendEscaped(_ text: some StringProtocol, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\n"): append(#"\n"#)
            case 0..<0x20, 0x7f:
                append(#"\u00"#)
                bytes.append(Self.hexDigit(byte >> 4))
                bytes.append(Self.hexDigit(byte & 15))
            case UInt8(ascii: #"""#) where quotes, UInt8(ascii: #"\"#) where quotes:
                bytes.append(UInt8(ascii: #"\"#))
                bytes.append(byte)
            default: bytes.append(byte)
            }
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private static func needsQuotes(_ text: some StringProtocol) -> Bool {
        text.isEmpty
            || text.utf8.contains {
                $0 <= 0x20 || $0 == 0x7f || $0 == UInt8(ascii: #"""#) || $0 == UInt8(ascii: #"\"#)
            }
    }
}

extension timespec {
    static var now: timespec {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time
    }
}
