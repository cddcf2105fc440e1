/// When something is to happen again and again: `30 3 * * mon-fri`.
///
/// Five fields: minute, hour, day of the month, month and day of the week, each `*`, a value, a range, a list of those,
/// or one with a step; months and days of the week by their English names too. When both fields for days are
/// restricted, one of them is enough. `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly` and
/// `@annually` stand for what they say.
///
/// - SeeAlso: crontab(5).
package struct CronExpression: Sendable, Equatable {
    static let names = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]
    /// February 29 is at most eight years away.
    private static let longestWait = 9 * 366 * 86_400
    private static let daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    package let text: String
    private let minute, hour, day, month, weekday: CronField

    /// - Throws: ``CronError``.
    package init(_ text: String) throws(CronError) {
        self.text = text
        let shown = String(text.prefix(100))
        var fieldsText = text
        if text.hasPrefix("@") {
            guard let known = Self.names[text.lowercased()] else { throw .unknownName(shown) }
            fieldsText = known
        }
        let fields = fieldsText.split { $0 == " " || $0 == "\t" }
        guard fields.count == 5 else { throw .wrongFieldCount(shown) }
        minute = try CronField(fields[0], .minute)
        hour = try CronField(fields[1], .hour)
        day = try CronField(fields[2], .day)
        month = try CronField(fields[3], .month)
        weekday = try CronField(fields[4], .weekday)
        guard comes else { throw .neverComes(shown) }
    }

    /// Whether it matches the minute that begins at a moment.
    ///
    /// - Parameter seconds: since 1970.
    package func matches(_ seconds: Int, in zone: CronZone) -> Bool {
        let clock = zone.wallClock(at: seconds)
        return isDay(clock) && hour.contains(clock.hour) && minute.contains(clock.minute)
    }

    /// The first matching minute that begins later than a moment; nil when there is none in nine years.
    ///
    /// A minute that the clock leaves out in spring doesn't come; one that it shows twice in autumn comes twice.
    ///
    /// - Parameter seconds: since 1970; so is the answer.
    package func next(after seconds: Int, in zone: CronZone) -> Int? {
        let end = seconds + Self.longestWait
        // Whole minutes of the clock on the wall: some zones were seconds away from UTC long ago.
        var moment = seconds - Self.remainder(seconds + zone.wallClock(at: seconds).offset, 60) + 60
        while moment < end {
            let clock = zone.wallClock(at: moment)
            let toNextHour = (60 - clock.minute) * 60
            if !isDay(clock) {
                moment += Self.leap([(23 - clock.hour) * 3600 + toNextHour, toNextHour], from: moment, clock, zone)
            } else if !hour.contains(clock.hour) {
                moment += Self.leap([toNextHour], from: moment, clock, zone)
            } else if !minute.contains(clock.minute) {
                moment += 60
            } else {
                return moment
            }
        }
        return nil
    }

    /// The longest of some leaps over which the clock isn't changed; else a minute.
    private static func leap(_ lengths: [Int], from moment: Int, _ clock: CronZone.WallClock, _ zone: CronZone) -> Int {
        lengths.first { zone.wallClock(at: moment + $0).offset == clock.offset } ?? 60
    }

    private func isDay(_ clock: CronZone.WallClock) -> Bool {
        guard month.contains(clock.month) else { return false }
        let (isDay, isWeekday) = (day.contains(clock.day), weekday.contains(clock.weekday))
        return day.isAny || weekday.isAny ? isDay && isWeekday : isDay || isWeekday
    }

    private var comes: Bool {
        // Every month has all days of the week, and a month that is meant has one of them.
        guard weekday.isAny || day.isAny else { return true }
        return (1...12).contains { number in
            month.contains(number) && (1...Self.daysOfMonth[number - 1]).contains { day.contains($0) }
        }
    }

    /// Never negative, also before 1970.
    private static func remainder(_ number: Int, _ divisor: Int) -> Int {
        let remainder = number % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}

extension CronExpression: CustomStringConvertible {
    package var description: String { text }
}
