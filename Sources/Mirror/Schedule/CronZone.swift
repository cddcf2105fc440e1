import Glibc

/// By which clock a cron expression is read.
package enum CronZone: String, Sendable, Hashable, CaseIterable {
    case utc
    /// The system's, or what `TZ` says.
    case local

    /// What a clock on the wall shows at a moment.
    struct WallClock: Equatable {
        let minute, hour, day, month, weekday: Int
        /// In seconds east of UTC.
        let offset: Int
    }

    /// - Parameter seconds: since 1970.
    func wallClock(at seconds: Int) -> WallClock {
        var moment = time_t(seconds)
        var fields = tm()
        switch self {
        case .utc: _ = gmtime_r(&moment, &fields)
        case .local: _ = localtime_r(&moment, &fields)
        }
        return WallClock(
            minute: Int(fields.tm_min),
            hour: Int(fields.tm_hour),
            day: Int(fields.tm_mday),
            month: Int(fields.tm_mon) + 1,
            weekday: Int(fields.tm_wday),
            offset: fields.tm_gmtoff
        )
    }
}
