/// Why a `--filter` can't be followed.
enum FilterError: Error, Equatable {
    case noValue(String)
    case unknown(String)
    case notAFlag(String)
    case notATime(String)
    case noStatus(String)
}

extension FilterError: CustomStringConvertible {
    var description: String {
        switch self {
        case .noValue(let filter): "the filter '\(filter)' should be name=value"
        case .unknown(let name): "there is no filter '\(name)' for this command"
        case .notAFlag(let value): "'\(value)' should be true or false"
        case .noStatus(let value):
            "'\(value)' should be created, running, paused, restarting, exited or removing"
        case .notATime(let value): "'\(value)' should be a time, such as 2024-05-01T12:00:00Z, or an age, such as 24h"
        }
    }
}
