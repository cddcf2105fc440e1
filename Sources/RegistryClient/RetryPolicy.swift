/// How often, and after how long, a request is tried again that failed for a reason that may pass.
package struct RetryPolicy: Sendable {
    /// How many times in a row something may fail.
    package var maximumAttempts = 5
    package var firstDelay: Duration = .milliseconds(250)
    package var longestDelay: Duration = .seconds(8)
    /// The longest `Retry-After` that is waited for; a registry that asks for more is an error at once.
    package var longestRetryAfter: Duration = .seconds(60)

    package init() {}

    /// How long to wait after the failure number `attempt`, counted from 1; nil when it should not be tried again.
    ///
    /// - Parameter hasBegun: whether the registry has answered in this matter before: then even a connection that is
    ///   refused is made again, for the server may be about to start again.
    func delay(after error: any Error, attempt: Int, hasBegun: Bool = false) -> Duration? {
        guard
            let error = error as? RegistryClientError, attempt < maximumAttempts,
            error.isTransient || hasBegun && error.isUnreachable
        else { return nil }
        if let retryAfter = error.retryAfter {
            return retryAfter <= longestRetryAfter ? retryAfter : nil
        }
        let backoff = min(firstDelay * (1 << min(attempt - 1, 16)), longestDelay)
        // Full jitter above a half, so that clients that failed together don't come back together.
        return backoff * Double.random(in: 0.5...1)
    }

    /// Runs `operation` until it succeeds or should not be tried again.
    func run<Value>(_ operation: (_ attempt: Int) async throws -> Value) async throws -> Value {
        var attempt = 1
        while true {
            do {
                return try await operation(attempt)
            } catch {
                guard let delay = delay(after: error, attempt: attempt) else { throw error }
                try await Task.sleep(for: delay)
                attempt += 1
            }
        }
    }
}
