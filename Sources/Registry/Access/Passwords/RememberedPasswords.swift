import ImageSpec

/// Which passwords were found right a short time ago, known by what nobody outside this process can compute.
struct RememberedPasswords {
    private static let time = Duration.seconds(60)
    private static let maximumCount = 10_000

    private var ends: [Digest: ContinuousClock.Instant] = [:]

    func contains(_ key: Digest, at now: ContinuousClock.Instant) -> Bool {
        ends[key].map { now < $0 } ?? false
    }

    mutating func insert(_ key: Digest, at now: ContinuousClock.Instant) {
        if ends.count >= Self.maximumCount { ends = ends.filter { now < $0.value } }
        if ends.count >= Self.maximumCount { ends.removeAll() }
        ends[key] = now + Self.time
    }
}
