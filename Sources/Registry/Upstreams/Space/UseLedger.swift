import Glibc
import ImageSpec
import Storage
import Synchronization

/// Which cached blobs are being read, and when others were read last, until that is written down.
final class UseLedger: Sendable {
    private struct State {
        var readers: [Digest: Int] = [:]
        /// In seconds since 1970.
        var uses: [Digest: Int64] = [:]
    }

    private let state = Mutex(State())

    /// Takes note that `blob` is read until its last reference goes.
    func track(_ blob: OpenBlob, _ digest: Digest) {
        state.withLock { state in
            state.readers[digest, default: 0] += 1
            state.uses[digest] = Int64(time(nil))
        }
        blob.whenClosed { [self] in
            state.withLock { state in
                let count = (state.readers[digest] ?? 1) - 1
                state.readers[digest] = count > 0 ? count : nil
            }
        }
    }

    func isRead(_ digest: Digest) -> Bool {
        state.withLock { $0.readers[digest] != nil }
    }

    /// What was used since this was asked last.
    func takeUses() -> [Digest: Int64] {
        state.withLock { state in
            defer { state.uses = [:] }
            return state.uses
        }
    }
}
