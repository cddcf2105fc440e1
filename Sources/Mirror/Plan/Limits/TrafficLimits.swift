/// What is asked of a registry at most.
package struct TrafficLimits: Sendable, Hashable {
    /// What is done when the registry says that we have few pulls left.
    package enum Exhaustion: String, Sendable, CaseIterable {
        /// Wait until it gives more.
        case wait
        /// Copy nothing more from it in this run.
        case stop
    }

    /// Of blobs.
    package var bytesPerSecond: Int?
    package var requestsPerSecond: Double?
    /// How many pulls, as `RateLimit-Remaining` counts them, are left to others.
    package var reserve: Int
    package var exhaustion: Exhaustion

    package init(
        bytesPerSecond: Int? = nil,
        requestsPerSecond: Double? = nil,
        reserve: Int = 0,
        exhaustion: Exhaustion = .wait
    ) {
        self.bytesPerSecond = bytesPerSecond
        self.requestsPerSecond = requestsPerSecond
        self.reserve = reserve
        self.exhaustion = exhaustion
    }
}
