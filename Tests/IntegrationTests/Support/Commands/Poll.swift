/// Asks `condition` again and again until it gives a value; nil when `limit` is over.
func poll<Value: Sendable>(
    within limit: Duration,
    _ condition: @Sendable () async throws -> Value?
) async throws -> Value? {
    let deadline = ContinuousClock.now + limit
    var pause = Duration.milliseconds(2)
    while true {
        if let value = try await condition() { return value }
        guard ContinuousClock.now < deadline else { return nil }
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(50))
    }
}
