import Storage
import Synchronization

/// Keeps some of the disk free: it refuses what would be stored there before the disk is full, so that what was
/// promised can still be written: databases, logs, deletions.
///
/// Asking the disk for every few kilobytes would cost too much: it is asked when so much has come, over all uploads,
/// or so long has passed; and each time while it is too full, so that pushes go on as soon as there is room.
final class FreeSpace: Sendable {
    /// How many bytes may come before the disk is asked again.
    private static let checkLength = 8 << 20
    private static let checkTime = Duration.milliseconds(500)

    private struct State {
        var receivedCount = 0
        var checked: ContinuousClock.Instant?
        var isShort = false
    }

    private let blobs: any BlobStore
    /// In bytes; nil for none.
    private let minimum: Int?
    private let state = Mutex(State())

    init(in blobs: any BlobStore, minimum: Int?) {
        self.blobs = blobs
        self.minimum = minimum
    }

    /// Returns when `byteCount` bytes may be stored.
    ///
    /// - Throws: ``RegistryError/insufficientStorage``; ``StorageError`` when the disk can't be asked.
    func claim(_ byteCount: Int) async throws {
        guard let minimum else { return }
        let isDue = state.withLock { state in
            state.receivedCount += byteCount
            guard !state.isShort, state.receivedCount < Self.checkLength, let checked = state.checked else {
                return true
            }
            return ContinuousClock.now - checked > Self.checkTime
        }
        guard isDue, let space = try await blobs.space() else { return }
        let isShort = space.free < Int64(minimum)
        state.withLock { $0 = State(checked: .now, isShort: isShort) }
        if isShort { throw RegistryError.insufficientStorage }
    }
}
