import Foundation
import Synchronization

/// Runs `body` on `count` threads of their own, and waits for all of them.
///
/// - Throws: the first error of any; the others still run to their end.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
    let failure = FirstError()
    let done = DispatchGroup()
    for index in 0..<count {
        done.enter()
        let thread = Thread {
            defer { done.leave() }
            do {
                try body(index)
            } catch {
                failure.set(error)
            }
        }
        thread.stackSize = 512 << 10
        thread.start()
    }
    done.wait()
    try failure.check()
}

/// The first of many threads' errors.
private final class FirstError: Sendable {
    private let error = Mutex<(any Error)?>(nil)

    func set(_ new: any Error) {
        error.withLock { $0 = $0 ?? new }
    }

    func check() throws {
        if let error = error.withLock({ $0 }) { throw error }
    }
}
