/// Measures wall-clock time.
struct Stopwatch {
    private let start = ContinuousClock.now

    var seconds: Double { seconds(until: .now) }

    func seconds(until end: ContinuousClock.Instant) -> Double { (end - start) / .seconds(1) }
}
