import Synchronization

/// A clock that a test sets.
final class Clock: Sendable {
    private let time = Mutex<Int64>(1_800_000_000)

    var now: Int64 { time.withLock { $0 } }

    func advance(_ seconds: Int64) { time.withLock { $0 += seconds } }
}
