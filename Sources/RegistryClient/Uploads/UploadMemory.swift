/// Remembers where upload sessions are, so that an upload can go on that another process began.
///
/// Whoever uses it sees to it that a target is uploaded to once at a time.
package protocol UploadMemory: Sendable {
    /// The address of the session, as the registry told it last; nil when there is none.
    func session(for target: UploadTarget) throws -> String?

    /// Durable when this returns.
    func remember(_ session: String, for target: UploadTarget) throws

    func forget(_ target: UploadTarget) throws
}
