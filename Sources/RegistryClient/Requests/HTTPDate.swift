import Glibc

/// A moment as HTTP headers write it: `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// - SeeAlso: RFC 9110, section 5.6.7; its two obsolete forms are not read.
struct HTTPDate: Sendable, Equatable {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Since 1970.
    let seconds: Int

    init?(_ text: some StringProtocol) {
        let words = text.split(separator: " ")
        guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT" else { return nil }
        let clock = words[4].split(separator: ":", omittingEmptySubsequences: false).map { Int32($0) }
        guard
            let day = Int32(words[1]), (1...31).contains(day),
            let month = Self.months.firstIndex(of: String(words[2])),
            let year = Int32(words[3]), (1900...9999).contains(year),
            clock.count == 3,
            let hour = clock[0], (0..<24).contains(hour),
            let minute = clock[1], (0..<60).contains(minute),
            let second = clock[2], (0...60).contains(second)
        else { return nil }
        var time = tm()
        time.tm_mday = day
        time.tm_mon = Int32(month)
        time.tm_year = year - 1900
        (time.tm_hour, time.tm_min, time.tm_sec) = (hour, minute, second)
        seconds = timegm(&time)
    }
}
