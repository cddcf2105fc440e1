/// Does something once for all who ask for it meanwhile.
actor SingleFlight<Value: Sendable> {
    private var underWay: Task<Value, any Error>?

    /// What `body` gives, or the one that is under way already.
    func value(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        if let underWay { return try await underWay.value }
        // It is for all who wait, so it doesn't end with the first of them; `body` bounds its own time.
        let task = Task { try await body() }
        underWay = task
        defer { underWay = nil }
        return try await task.value
    }
}
