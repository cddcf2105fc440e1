import Glibc

/// A point in time, to the second.
struct Timestamp: Equatable {
    /// Since 1970 in UTC.
    let seconds: Int64

    static var now: Timestamp { Timestamp(seconds: Int64(time(nil))) }

    init(seconds: Int64) {
        self.seconds = seconds
    }

    /// Parses such as `2024-05-01T12:30:00.5+02:00`; the fraction is dropped.
    ///
    /// - SeeAlso: RFC 3339, section 5.6.
    init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            return bytes[range].reduce(0) { $0 * 10 + Int64($1 - 48) }
        }
        guard
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var end = 19
        if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            end += 1
            while end < bytes.count, (48...57).contains(bytes[end]) { end += 1 }
        }
        guard let offset = Self.offset(in: bytes[end...]) else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
    }

    /// Such as `2024-05-01T12:30:00Z`.
    var rfc3339: String { text("%Y-%m-%dT%H:%M:%SZ") }

    /// As docker's lists have it: `2024-05-01 12:30:00 +0000 UTC`.
    var goText: String { text("%Y-%m-%d %H:%M:%S +0000 UTC") }

    private func text(_ format: String) -> String {
        var parts = tm()
        var seconds = time_t(seconds)
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 40)
        let count = strftime(&text, text.count, format, &parts)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// How long ago this was, in docker's words.
    func age(at now: Timestamp) -> String { "\(Self.words(for: max(0, now.seconds - seconds))) ago" }

    private static func words(for seconds: Int64) -> String {
        let minutes = seconds / 60
        let hours = (seconds + 1800) / 3600
        switch seconds {
        case ..<1: return "Less than a second"
        case 1: return "1 second"
        case ..<60: return "\(seconds) seconds"
        default: break
        }
        if minutes == 1 { return "About a minute" }
        if minutes < 60 { return "\(minutes) minutes" }
        if hours == 1 { return "About an hour" }
        if hours < 48 { return "\(hours) hours" }
        if hours < 24 * 7 * 2 { return "\(hours / 24) days" }
        if hours < 24 * 30 * 2 { return "\(hours / 24 / 7) weeks" }
        if hours < 24 * 365 * 2 { return "\(hours / 24 / 30) months" }
        return "\(hours / 24 / 365) years"
    }

    /// In minutes east of UTC.
    private static func offset(in bytes: ArraySlice<UInt8>) -> Int64? {
        let text = String(decoding: bytes, as: UTF8.self)
        if text == "Z" || text == "z" { return 0 }
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hours = UInt8(parts[0]), let minutes = UInt8(parts[1]) else { return nil }
        switch text.first {
        case "+": return Int64(hours) * 60 + Int64(minutes)
        case "-": return -(Int64(hours) * 60 + Int64(minutes))
        default: return nil
        }
    }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}
