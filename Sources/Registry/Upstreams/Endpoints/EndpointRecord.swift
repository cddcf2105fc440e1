/// How an endpoint has done lately: whether to ask it, and how fast it is.
///
/// One that fails is left alone for a while, each time in a row for longer; then one request may try it again.
struct EndpointRecord: Sendable {
    static let firstPause = Duration.seconds(1)
    static let longestPause = Duration.seconds(30)
    /// How much a new measurement of the rate counts.
    private static let weight = 0.3

    private(set) var failuresInARow = 0
    /// Until when it is left alone.
    private(set) var pausedUntil: ContinuousClock.Instant?
    /// Whether it is being tried again after a pause.
    private var isOnTrial = false
    /// What it brings over one connection, in bytes a second; nil when nothing was measured yet.
    private(set) var rate: Double?
    /// Why it failed last.
    private(set) var lastFailure: (kind: UpstreamFailure.Kind, reason: String)?
    /// How many of its blobs' connections are open.
    private(set) var connections = 0
    private(set) var hasLied = false
    /// Nil until it showed whether it knows ranges.
    var knowsRanges: Bool?

    /// Whether it may be asked now.
    func isAvailable(at now: ContinuousClock.Instant) -> Bool {
        guard !hasLied else { return false }
        guard let pausedUntil else { return true }
        return now >= pausedUntil && !isOnTrial
    }

    /// To be called before it is asked: after a pause it gets one request, and no more until that has ended.
    mutating func begin(at now: ContinuousClock.Instant) {
        if pausedUntil != nil { isOnTrial = true }
    }

    mutating func succeeded() {
        failuresInARow = 0
        pausedUntil = nil
        isOnTrial = false
    }

    /// - Parameter pause: how long it asks to be left alone; nil when it doesn't say.
    mutating func failed(_ error: any Error, pause: Duration? = nil, at now: ContinuousClock.Instant) {
        lastFailure = (UpstreamFailure.Kind(error), "\(error)")
        failuresInARow += 1
        let backoff = min(Self.firstPause * (1 << min(failuresInARow - 1, 16)), Self.longestPause)
        pausedUntil = now + min(max(pause ?? .zero, backoff), .seconds(3600))
        isOnTrial = false
    }

    /// It sent bytes that were none of what was asked for: it isn't asked any more.
    mutating func lied() {
        hasLied = true
    }

    /// What was asked of it was given up by us: that says nothing of it.
    mutating func abandoned() {
        isOnTrial = false
    }

    mutating func measured(_ byteCount: Int64, in time: Duration) {
        let seconds = time / .seconds(1)
        guard seconds > 0.005, byteCount >= 64 << 10 else { return }
        let new = Double(byteCount) / seconds
        rate = rate.map { $0 * (1 - Self.weight) + new * Self.weight } ?? new
    }

    mutating func connectionOpened() { connections += 1 }
    mutating func connectionClosed() { connections -= 1 }
}
