import Synchronization

/// Many counts in one piece of memory, each found by its index.
package final class CounterTable: @unchecked Sendable {
    // Sendable: the pointer never changes, and what it points to are atomics.

    package let count: Int
    private let numbers: UnsafeMutablePointer<Atomic<Int>>

    package init(count: Int) {
        self.count = count
        numbers = .allocate(capacity: count)
        for index in 0..<count { (numbers + index).initialize(to: Atomic(0)) }
    }

    deinit {
        numbers.deinitialize(count: count)
        numbers.deallocate()
    }

    package subscript(index: Int) -> Int {
        precondition((0..<count).contains(index), "there are \(count) counts")
        return numbers[index].load(ordering: .relaxed)
    }

    /// Adds to the count at `index`; one that isn't there is passed over.
    package func add(_ amount: Int = 1, at index: Int) {
        guard (0..<count).contains(index) else { return }
        numbers[index].wrappingAdd(amount, ordering: .relaxed)
    }
}
