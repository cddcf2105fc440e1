import RegistryClient
import Synchronization

/// One of an upstream's endpoints, and how it does.
final class UpstreamSource: Sendable {
    let endpoint: UpstreamEndpoint
    /// Its place among the upstream's endpoints.
    let index: Int
    private let record = Mutex(EndpointRecord())

    init(_ endpoint: UpstreamEndpoint, index: Int) {
        self.endpoint = endpoint
        self.index = index
    }

    /// How it does right now.
    var current: EndpointRecord { record.withLock { $0 } }

    func update<Result>(_ change: (inout EndpointRecord) -> sending Result) -> sending Result {
        record.withLock { change(&$0) }
    }

    /// Whether it may be asked now; when it may, it counts as asked.
    func tryToBegin() -> Bool {
        record.withLock { record in
            let now = ContinuousClock.now
            guard record.isAvailable(at: now) else { return false }
            record.begin(at: now)
            return true
        }
    }

    /// Takes note of what `error` says of the endpoint.
    ///
    /// That it has no such thing, or doesn't let us have it, is an answer as good as any.
    func note(_ error: any Error) {
        record.withLock { record in
            switch error {
            case is CancellationError, is RateLimitReached:
                record.abandoned()
            case let error as RegistryClientError where Self.isAnswer(error):
                record.succeeded()
            case let error as RegistryClientError:
                record.failed(error, pause: error.retryAfter, at: .now)
            default:
                record.failed(error, at: .now)
            }
        }
    }

    /// Others may be let in where we aren't, and other names be good where this one isn't: whoever asks for those must
    /// not keep the rest from it.
    private static func isAnswer(_ error: RegistryClientError) -> Bool {
        switch error {
        case .rangesUnknown, .loginRefused: true
        case .refused(let refusal), .tokenRefused(_, let refusal):
            (400...499).contains(refusal.status) && ![408, 425, 429].contains(refusal.status)
        default: false
        }
    }
}
