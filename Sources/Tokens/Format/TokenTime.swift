import Foundation

/// The time as tokens have it.
package enum TokenTime {
    /// Seconds since 1970.
    @Sendable package static func now() -> Int64 { Int64(Date().timeIntervalSince1970) }
}
