import Storage

/// What those who wait for a download need to know of it. A value: ``BlobDownload`` keeps it behind a lock.
struct DownloadState: Sendable {
    enum Phase: Sendable {
        /// It isn't known yet whether there is anything to fetch.
        case starting
        case fetching
        /// All bytes are here and have the digest; they are being stored.
        case proven
        case stored(StoredBlob)
        case failed(any Error)
    }

    struct Waiter: Sendable {
        let id: UInt64
        let isReady: @Sendable (DownloadState) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    var phase = Phase.starting
    /// The bytes' home; nil before any can come.
    var partial: PartialBlob?
    var plan: DownloadPlan
    /// How often all bytes came and proved to be others: who was handed some of them gets no more.
    var round = 0
    /// Which of the bytes of the round before came from which source: what comes now shows who was wrong.
    var suspects: [Int: ByteRangeSet] = [:]
    /// Whether it is being noted which bytes are here: one at a time writes that.
    var isNoting = false
    private(set) var waiters: [Waiter] = []

    /// Where the bytes end that may be handed on from `offset` on: the last one only when all are proven.
    func readable(from offset: Int64) -> Int64 {
        switch phase {
        case .proven, .stored: plan.size
        case .starting, .fetching, .failed: min(plan.available(from: offset), max(offset, plan.size - 1))
        }
    }

    var failure: (any Error)? {
        guard case .failed(let error) = phase else { return nil }
        return error
    }

    /// Adds someone who waits, unless there is nothing to wait for.
    ///
    /// - Returns: whether they wait.
    mutating func add(_ waiter: Waiter) -> Bool {
        guard !waiter.isReady(self) else { return false }
        waiters.append(waiter)
        return true
    }

    mutating func removeWaiter(_ id: UInt64) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return waiters.remove(at: index)
    }

    /// Those whose wait is over.
    mutating func takeReady() -> [Waiter] {
        guard !waiters.isEmpty else { return [] }
        let all = waiters
        waiters = []
        var ready: [Waiter] = []
        var others: [Waiter] = []
        for waiter in all {
            if waiter.isReady(self) { ready.append(waiter) } else { others.append(waiter) }
        }
        waiters = others
        return ready
    }
}
