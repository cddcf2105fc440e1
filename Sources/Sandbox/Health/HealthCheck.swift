/// When to look how a container is, and what that comes to. It knows no clock: it is told the time.
struct HealthCheck {
    /// How many looks are kept.
    static let kept = 5
    /// In bytes, of what one wrote.
    static let maximumOutput = 4096

    let configuration: HealthConfiguration
    private(set) var state: HealthState
    /// In seconds, of a clock that never jumps.
    private let started: Double
    private var nextLook: Double
    private var end: Double?

    /// - Parameter now: when the container started, in seconds of a clock that never jumps.
    init(_ configuration: HealthConfiguration, now: Double) {
        self.configuration = configuration
        state = HealthState()
        started = now
        nextLook = now + configuration.interval
    }

    enum Step: Equatable {
        case look
        case giveUp
    }

    /// When there is something to do next.
    var due: Double { end ?? nextLook }

    /// What there is to do at `now`, if anything.
    mutating func step(now: Double) -> Step? {
        guard now >= due else { return nil }
        guard end == nil else {
            // The one who looks ends it, and says how it ended.
            end = .infinity
            return .giveUp
        }
        end = now + configuration.timeout
        return .look
    }

    /// Takes in how a look ended.
    ///
    /// - Returns: whether the status has changed.
    mutating func looked(_ look: HealthState.Look, now: Double) -> Bool {
        end = nil
        nextLook = now + configuration.interval
        let before = state.status
        state.looks.append(look)
        state.looks.removeFirst(max(0, state.looks.count - Self.kept))
        if look.exitStatus == 0 {
            state.failuresInARow = 0
            state.status = .healthy
        } else if state.status != .starting || now - started >= configuration.startPeriod {
            state.failuresInARow += 1
            if state.failuresInARow >= configuration.retries { state.status = .unhealthy }
        }
        return state.status != before
    }
}
