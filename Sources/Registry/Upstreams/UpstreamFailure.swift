import RegistryClient

/// Why an upstream could not be asked.
package struct UpstreamFailure: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// It doesn't answer, or not as a registry does.
        case unavailable
        /// It answers that we ask too often.
        case rateLimited
        /// It doesn't let us have it: our login is refused, or nobody is let in without one.
        case refused
    }

    package let kind: Kind
    package let upstream: String
    /// Which endpoint said what.
    package let reason: String
    package let retryAfter: Duration?
    /// Whether it is the first of the upstream's endpoints.
    let isFirst: Bool

    init(_ error: any Error, at source: UpstreamSource, of upstream: String) {
        self.upstream = upstream
        kind = Kind(error)
        reason = "\(source.endpoint.name): \(error)"
        retryAfter = (error as? RegistryClientError)?.retryAfter ?? (error as? RateLimitReached)?.pause
        isFirst = source.index == 0
    }

    /// Of an endpoint that isn't asked for a while.
    init(paused source: UpstreamSource, of upstream: String) {
        self.upstream = upstream
        let record = source.current
        kind = record.lastFailure?.kind ?? .unavailable
        reason = "\(source.endpoint.name) isn't asked for a while: \(record.lastFailure?.reason ?? "it is being tried")"
        retryAfter = record.pausedUntil.map { max(.seconds(1), $0 - .now) }
        isFirst = source.index == 0
    }

    /// - Parameter reason: what to tell of all of it.
    init(upstream: String, reason: String) {
        kind = .unavailable
        self.upstream = upstream
        self.reason = reason
        retryAfter = nil
        isFirst = true
    }

    /// Which of several failures is the one to tell.
    var significance: Int {
        switch kind {
        case .unavailable: 0
        case .refused: 1
        case .rateLimited: 2
        }
    }
}

extension UpstreamFailure.Kind {
    init(_ error: any Error) {
        self =
            switch error {
            case RegistryClientError.refused(let refusal) where refusal.status == 429: .rateLimited
            case RegistryClientError.refused(let refusal) where [401, 403].contains(refusal.status): .refused
            case RegistryClientError.loginRefused: .refused
            case is RateLimitReached: .rateLimited
            default: .unavailable
            }
    }
}

extension UpstreamFailure: CustomStringConvertible {
    package var description: String {
        switch kind {
        case .unavailable: "the upstream \(upstream) can't be asked: \(reason)"
        case .rateLimited: "the upstream \(upstream) takes no more requests for now: \(reason)"
        case .refused: "the upstream \(upstream) refuses: \(reason)"
        }
    }
}
