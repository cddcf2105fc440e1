/// How far a client is behind the rate that is asked of it.
///
/// Waiting for it adds to the debt, each byte pays some of it back; credit isn't kept. A client that stops is cut off
/// when the debt reaches the limit, and one at half the rate in twice that time.
struct RateDebt {
    /// In bytes a second.
    let minimumRate: Int
    /// In nanoseconds.
    let limit: Int64
    private var debt: Int64 = 0

    init(minimumRate: Int, limit: Int64) {
        self.minimumRate = max(1, minimumRate)
        self.limit = limit
    }

    /// - Returns: whether the client is to be cut off.
    mutating func add(waited nanoseconds: Int64, bytes: Int) -> Bool {
        let paid = Double(bytes) * 1e9 / Double(minimumRate)
        debt = max(0, debt + nanoseconds - Int64(min(paid, 1e15)))
        return debt >= limit
    }

    mutating func forgive() {
        debt = 0
    }
}
