import Storage
import Synchronization

/// Which upload sessions have a writer right now, so that a second one is told apart, and how many may have one.
final class ActiveUploads: Sendable {
    private struct State {
        var ids: Set<UploadID> = []
        var limit: Int
    }

    private let state: Mutex<State>

    /// - Parameter limit: how many sessions may have a writer at once.
    init(limit: Int) {
        state = Mutex(State(limit: limit))
    }

    var count: Int { state.withLock { $0.ids.count } }

    /// Those that have a writer keep it.
    func setLimit(_ limit: Int) {
        state.withLock { $0.limit = limit }
    }

    /// Runs `work` as the only writer of `id`.
    ///
    /// - Throws: ``RegistryError/uploadBusy(_:)`` when there is one already, ``RegistryError/tooManyUploads(limit:)``.
    func writing<Result>(to id: UploadID, _ work: () async throws -> Result) async throws -> Result {
        try enter(id)
        defer { state.withLock { _ = $0.ids.remove(id) } }
        return try await work()
    }

    /// Runs `work`, which receives no bytes and so is not counted, while no one writes to `id`.
    ///
    /// - Throws: ``RegistryError/uploadBusy(_:)`` when someone does.
    func holding<Result>(_ id: UploadID, _ work: () async throws -> Result) async throws -> Result {
        try enter(id, isCounted: false)
        defer { state.withLock { _ = $0.ids.remove(id) } }
        return try await work()
    }

    private func enter(_ id: UploadID, isCounted: Bool = true) throws {
        try state.withLock { state in
            guard !state.ids.contains(id) else { throw RegistryError.uploadBusy(id) }
            guard !isCounted || state.ids.count < state.limit else {
                throw RegistryError.tooManyUploads(limit: state.limit)
            }
            state.ids.insert(id)
        }
    }
}
