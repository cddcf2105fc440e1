import Synchronization

/// A number that many threads may change at once: a count, or how many of something there are.
package final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    package init() {}

    package var value: Int { number.load(ordering: .relaxed) }

    package func add(_ amount: Int = 1) {
        number.wrappingAdd(amount, ordering: .relaxed)
    }

    package func subtract(_ amount: Int = 1) {
        number.wrappingSubtract(amount, ordering: .relaxed)
    }

    /// Adds one unless that would pass `limit`.
    ///
    /// - Returns: whether it did.
    package func add(upTo limit: Int) -> Bool {
        let sum = number.wrappingAdd(1, ordering: .relaxed).newValue
        if sum <= limit { return true }
        number.wrappingSubtract(1, ordering: .relaxed)
        return false
    }
}
