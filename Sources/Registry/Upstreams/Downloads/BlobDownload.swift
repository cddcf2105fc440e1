import ImageSpec
import NIOCore
import Storage
import Synchronization

/// A blob on its way from an upstream: one for all who ask for it, whenever they come and wherever they begin.
///
/// It goes on whoever of them leaves, at the pace of the upstream and not of a reader: they read from the disk what has
/// come.
final class BlobDownload: Sendable {
    let digest: Digest
    let size: Int64
    private let state: Mutex<DownloadState>
    private let nextWaiter = Atomic<UInt64>(0)

    init(_ digest: Digest, size: Int64) {
        self.digest = digest
        self.size = size
        state = Mutex(DownloadState(plan: DownloadPlan(size: size)))
    }

    /// Changes the state, and wakes those whose wait is over.
    @discardableResult
    func update<Result>(_ change: (inout DownloadState) -> sending Result) -> sending Result {
        let (result, ready) = state.withLock { state in
            let result = change(&state)
            return (result, state.takeReady())
        }
        for waiter in ready { waiter.continuation.resume() }
        return result
    }

    func read<Result, Failure>(
        _ look: (DownloadState) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try state.withLock { state throws(Failure) in try look(state) }
    }

    /// Returns when `isReady`, which must be so at the latest when the download ends.
    ///
    /// - Throws: `CancellationError`.
    func wait(until isReady: @escaping @Sendable (DownloadState) -> Bool) async throws {
        let id = nextWaiter.wrappingAdd(1, ordering: .relaxed).newValue
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = DownloadState.Waiter(id: id, isReady: isReady, continuation: continuation)
                // Who was cancelled before is not seen by the handler.
                let waits = state.withLock { Task.isCancelled ? false : $0.add(waiter) }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.removeWaiter(id) }?.continuation.resume()
        }
        try Task.checkCancellation()
    }

    /// Waits until it is known what comes of it.
    ///
    /// - Returns: the bytes' home when some of them are here, and which round they are of; nil when the blob is stored.
    /// - Throws: why there will be none.
    func begun() async throws -> (partial: PartialBlob, round: Int)? {
        try await wait { state in
            switch state.phase {
            case .starting: false
            case .fetching: !state.plan.present.isEmpty
            case .proven, .stored, .failed: true
            }
        }
        return try read { state in
            if let failure = state.failure { throw failure }
            if case .stored = state.phase { return nil }
            return state.partial.map { ($0, state.round) }
        }
    }

    /// Waits for bytes that may be handed on from `offset` on, which is no less than 0 and less than ``size``.
    ///
    /// - Parameter round: the one that the bytes before are of, see ``DownloadState/round``.
    /// - Returns: where they end.
    /// - Throws: why no more come.
    func readable(from offset: Int64, round: Int) async throws -> Int64 {
        try await wait { $0.failure != nil || $0.round != round || $0.readable(from: offset) > offset }
        return try read { state in
            guard state.round == round else { throw WrongBytesHandedOn(digest: digest) }
            let end = state.readable(from: offset)
            if end == offset, let failure = state.failure { throw failure }
            return end
        }
    }

    /// Waits for its end.
    ///
    /// - Throws: why it has failed.
    func stored() async throws -> StoredBlob {
        try await wait { state in
            switch state.phase {
            case .stored, .failed: true
            case .starting, .fetching, .proven: false
            }
        }
        return try read { state in
            switch state.phase {
            case .stored(let blob): return blob
            case .failed(let error): throw error
            case .starting, .fetching, .proven: throw CancellationError()
            }
        }
    }
}
