/// Remembers where upload sessions are, so that an upload can go on that another process began.
package protocol UploadMemory: Sendable {
    /// The address of the session, as the registry told it last; nil when there is none.
    func session(for target: UploadTarget) throws -> String?

    /// Durable when this returns.
    func remember(_ session: String, for target: UploadTarget) throws

    func forget(_ target: UploadTarget) throws

    /// Runs `body` while nobody else who has this memory uploads to the target: two would disturb each other's session.
    func withLock<Value>(on target: UploadTarget, _ body: () async throws -> Value) async throws -> Value
}

extension UploadMemory {
    /// Of a memory that nobody shares.
    package func withLock<Value>(on target: UploadTarget, _ body: () async throws -> Value) async throws -> Value {
        try await body()
    }
}
