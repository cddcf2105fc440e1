import Glibc
import ImageSpec
import Storage
import Synchronization

/// Which cached blobs are being read, and when others and manifests were read last, until that is written down.
final class UseLedger: Sendable {
    /// When what was read last, in seconds since 1970.
    struct Uses {
        var blobs: [Digest: Int64] = [:]
        var manifests: [CachedManifestName: Int64] = [:]
    }

    private struct State {
        var readers: [Digest: Int] = [:]
        var uses = Uses()
    }

    private let state = Mutex(State())

    /// Takes note that `blob` is read until its last reference goes.
    func track(_ blob: OpenBlob, _ digest: Digest) {
        state.withLock { state in
            state.readers[digest, default: 0] += 1
            state.uses.blobs[digest] = Int64(time(nil))
        }
        blob.whenClosed { [self] in
            state.withLock { state in
                let count = (state.readers[digest] ?? 1) - 1
                state.readers[digest] = count > 0 ? count : nil
            }
        }
    }

    /// Takes note that a manifest is read now.
    func note(_ manifest: CachedManifestName) {
        state.withLock { $0.uses.manifests[manifest] = Int64(time(nil)) }
    }

    func isRead(_ digest: Digest) -> Bool {
        state.withLock { $0.readers[digest] != nil }
    }

    /// What was used since this was asked last.
    func takeUses() -> Uses {
        state.withLock { state in
            defer { state.uses = Uses() }
            return state.uses
        }
    }
}
