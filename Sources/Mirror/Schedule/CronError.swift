/// Why a text is no cron expression.
package enum CronError: Error, Sendable, Equatable {
    case wrongFieldCount(String)
    case unknownName(String)
    case invalidField(String, String, String)
    /// Such as on February 30.
    case neverComes(String)
}

extension CronError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongFieldCount(let text):
            "'\(text)' is no cron expression: it should have five fields: minute, hour, day, month, day of the week"
        case .unknownName(let text):
            "'\(text)' is no cron expression; known are: \(CronExpression.names.keys.sorted().joined(separator: ", "))"
        case .invalidField(let field, let text, let reason):
            "'\(text)' is no \(field): \(reason)"
        case .neverComes(let text):
            "'\(text)' never comes: no such month has such a day"
        }
    }
}
