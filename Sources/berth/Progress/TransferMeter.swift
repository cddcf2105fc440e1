/// How fast bytes come, and how long the rest will take.
///
/// The rate is of the last seconds: what a layer had already, and how fast it once was, say nothing about the rest.
struct TransferMeter: Sendable {
    /// How far back the rate looks.
    private static let window = Duration.seconds(5)

    private var samples: [(time: ContinuousClock.Instant, bytes: Int64)] = []

    mutating func record(_ bytes: Int64, at now: ContinuousClock.Instant) {
        // A transfer that began again has fewer bytes than before.
        if let last = samples.last, bytes < last.bytes { samples = [] }
        samples.append((now, bytes))
        while samples.count > 2, now - samples[1].time >= Self.window { samples.removeFirst() }
    }

    /// In bytes a second; nil when too little is known.
    func rate(at now: ContinuousClock.Instant) -> Double? {
        guard let first = samples.first, let last = samples.last else { return nil }
        let time = (now - first.time) / .seconds(1)
        guard time >= 0.2 else { return nil }
        return Double(last.bytes - first.bytes) / time
    }

    /// Until there are `total` bytes; nil when that can't be told.
    func timeLeft(to total: Int64, at now: ContinuousClock.Instant) -> Duration? {
        guard let rate = rate(at: now), rate >= 1, let last = samples.last else { return nil }
        let seconds = Double(max(0, total - last.bytes)) / rate
        return seconds < 360_000 ? .seconds(seconds) : nil
    }
}
