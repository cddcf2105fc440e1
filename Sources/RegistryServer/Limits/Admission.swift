import Instruments
import NIOCore
import Synchronization

/// Decides which connections and requests are taken on.
final class Admission: Sendable {
    /// What becomes of a new connection.
    enum Verdict {
        case admitted
        /// Its first request is to be answered with the error.
        case refused(WireError)
        /// So many are being refused already that it is closed without a word.
        case closed
    }

    /// How many connections may be refused in words at once.
    private static let maximumRefusals = 64

    private struct Connections {
        var count = 0
        var byAddress: [ClientAddress: Int] = [:]
        var refusals = 0
    }

    private let limits: LiveLimits
    private let connections = Mutex(Connections())
    private let requests = Counter()
    private let instruments: ServerInstruments

    init(limits: LiveLimits, instruments: ServerInstruments) {
        self.limits = limits
        self.instruments = instruments
    }

    /// Judges a connection from `address`. Whatever the verdict, ``leave(_:_:)`` is called when it is closed.
    ///
    /// - Parameter isProxy: whether many clients are behind the address, so that there is no bound for it alone.
    func admit(_ address: ClientAddress, isProxy: Bool) -> Verdict {
        let limits = limits.current
        let verdict: Verdict = connections.withLock { connections in
            let error: WireError
            if connections.count >= limits.connections {
                error = .tooManyConnections
            } else if !isProxy, connections.byAddress[address, default: 0] >= limits.connectionsPerAddress {
                error = .tooManyConnectionsOfAddress
            } else {
                connections.count += 1
                connections.byAddress[address, default: 0] += 1
                return .admitted
            }
            guard connections.refusals < Self.maximumRefusals else { return .closed }
            connections.refusals += 1
            return .refused(error)
        }
        if case .admitted = verdict { instruments.connections.add() } else { instruments.refusedConnections.add() }
        return verdict
    }

    func leave(_ address: ClientAddress, _ verdict: Verdict) {
        connections.withLock { connections in
            switch verdict {
            case .admitted:
                connections.count -= 1
                let rest = connections.byAddress[address, default: 1] - 1
                connections.byAddress[address] = rest > 0 ? rest : nil
            case .refused: connections.refusals -= 1
            case .closed: break
            }
        }
        if case .admitted = verdict { instruments.connections.subtract() }
    }

    /// Whether another request may be under way; when it was, ``endRequest()`` is called at its end.
    func admitRequest() -> Bool {
        requests.add(upTo: limits.current.requests)
    }

    func countRefusedRequest() {
        instruments.refusedRequests.add()
    }

    func endRequest() {
        requests.subtract()
    }
}

extension WireError {
    fileprivate static let tooManyConnections = WireError(
        .serviceUnavailable,
        .unavailable,
        "the registry has as many connections as it takes; try again later",
        headers: [.retryAfter: "5", .connection: "close"]
    )

    fileprivate static let tooManyConnectionsOfAddress = WireError(
        .tooManyRequests,
        .tooManyRequests,
        "your address has as many connections as one may have; close some, or try again later",
        headers: [.retryAfter: "5", .connection: "close"]
    )

    static let tooManyRequests = WireError(
        .serviceUnavailable,
        .unavailable,
        "the registry has as many requests under way as it takes; try again later",
        headers: [.retryAfter: "1", .connection: "close"]
    )
}
