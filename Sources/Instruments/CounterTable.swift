/// Many counts, each found by its index.
package final class CounterTable: Sendable {
    private let counters: [Counter]

    package init(count: Int) {
        counters = (0..<count).map { _ in Counter() }
    }

    package var count: Int { counters.count }

    package subscript(index: Int) -> Int { counters[index].value }

    /// Adds to the count at `index`; one that isn't there is passed over.
    package func add(_ amount: Int = 1, at index: Int) {
        guard counters.indices.contains(index) else { return }
        counters[index].add(amount)
    }
}
