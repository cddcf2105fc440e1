/// A line that a container wrote, or the part of one.
package struct LogLine: Sendable, Equatable {
    /// Nanoseconds since 1970, when it was read.
    package let time: Int64
    /// The same as the log has it.
    package let timeText: String
    package let stream: OutputStream
    /// Without the line break.
    package let content: [UInt8]
    /// Whether a line break followed.
    package let isWhole: Bool

    /// Parses a line of a log; nil for anything else.
    init?(_ line: ArraySlice<UInt8>) {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let time = LogTime.nanoseconds(parts[0]),
            let stream = OutputStream.allCases.first(where: { $0.logName.elementsEqual(parts[1]) }),
            parts[2].count == 1, let tag = parts[2].first
        else { return nil }
        self.time = time
        timeText = String(decoding: parts[0], as: UTF8.self)
        self.stream = stream
        content = Array(parts[3])
        isWhole = tag == UInt8(ascii: "F")
    }
}

/// Times as a log has them.
enum LogTime {
    /// Parses such as `2016-10-06T00:17:09.669794202Z`; nil for any other form.
    static func nanoseconds(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let bytes = Array(bytes)
        guard bytes.count == 30 else { return nil }
        func number(_ range: Range<Int>) -> Int64 { bytes[range].reduce(0) { $0 * 10 + Int64($1) - 48 } }
        let digits = [0..<4, 5..<7, 8..<10, 11..<13, 14..<16, 17..<19, 20..<29]
        guard digits.allSatisfy({ range in bytes[range].allSatisfy { (48...57).contains($0) } }) else { return nil }
        let (year, month) = (number(0..<4), number(5..<7))
        // Days in years that begin in March, as the leap day is the last then.
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + number(8..<10) - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        let seconds = ((days * 24 + number(11..<13)) * 60 + number(14..<16)) * 60 + number(17..<19)
        return seconds * 1_000_000_000 + number(20..<29)
    }
}
