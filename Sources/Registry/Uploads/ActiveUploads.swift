import Storage
import Synchronization

/// Which upload sessions have a writer right now, so that a second one is told apart.
final class ActiveUploads: Sendable {
    private let ids = Mutex<Set<UploadID>>([])

    /// Runs `work` as the only writer of `id`.
    ///
    /// - Throws: ``RegistryError/uploadBusy(_:)`` when there is one already.
    func writing<Result>(to id: UploadID, _ work: () async throws -> Result) async throws -> Result {
        guard ids.withLock({ $0.insert(id).inserted }) else { throw RegistryError.uploadBusy(id) }
        defer { ids.withLock { _ = $0.remove(id) } }
        return try await work()
    }
}
