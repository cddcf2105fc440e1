/// A day of the Gregorian calendar.
///
/// The C library's `gmtime_r` takes a lock that all threads share; a log line shouldn't.
struct CivilDate {
    let year: Int64
    /// From 1 to 12.
    let month: Int64
    /// From 1 to 31.
    let day: Int64

    /// - Parameter days: not before 1970.
    init(daysSince1970 days: Int64) {
        // Counted in years that begin on 1 March, so that the leap day is a year's last; 719,468 days lie between
        // 1 March of year 0 and 1 January 1970, and every 400 years have 146,097.
        let sinceYear0 = days + 719_468
        let (era, dayOfEra) = sinceYear0.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // From March on the months' lengths repeat in steps of 153 days for five.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }
}
