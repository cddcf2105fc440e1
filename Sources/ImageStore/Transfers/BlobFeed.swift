import CConfinement
import Glibc
import SystemPackage

/// A blob's bytes for somebody who reads them while they are being fetched.
///
/// Whoever fetches them waits for nobody: the bytes are in a file, and this says how far they may be read there.
final class BlobFeed: Sendable {
    private let state = WaitableValue(State())

    private struct State {
        var file: FileDescriptor?
        /// How many bytes are there.
        var length: Int64 = 0
        var outcome: Outcome?
    }

    /// How the fetching ended.
    private enum Outcome {
        /// All bytes are there, and are those of the blob.
        case whole
        /// There was nothing to fetch, some of the bytes were the wrong ones, or the rest does not come.
        case broken
    }

    deinit {
        state.update { state in
            try? state.file?.close()
            state.file = nil
        }
    }

    /// Gives the file that the bytes come in.
    func begin(_ file: FileDescriptor) {
        let own = fcntl(file.rawValue, F_DUPFD_CLOEXEC, 0)
        guard own >= 0 else { return fail() }
        state.update { $0.file = FileDescriptor(rawValue: own) }
    }

    /// Says how many bytes there are now.
    func advance(to length: Int64) {
        state.update { $0.length = length }
    }

    /// Says that the bytes are all there, and right.
    func finish() {
        state.update { $0.outcome = $0.outcome ?? ($0.file == nil ? .broken : .whole) }
    }

    /// Says that nothing is to be made of these bytes, unless they are all there and right.
    func fail() {
        state.update { $0.outcome = $0.outcome ?? .broken }
    }

    /// Waits until there is something to read.
    ///
    /// - Returns: whether there is.
    func waitForBytes() -> Bool { bytes(behind: 0) != nil }

    /// Moves the bytes into `pipe` as they come, until it has them all or nobody reads it any more.
    ///
    /// The calling thread must not mind SIGPIPE.
    ///
    /// - Returns: whether they proved to be the blob's; waits until that is known.
    func copy(to pipe: FileDescriptor) -> Bool {
        var position: Int64 = 0
        while let (file, length) = bytes(behind: position), position < length {
            let count = berth_move_to_pipe(file.rawValue, position, pipe.rawValue, Int(length - position))
            if count > 0 {
                position += Int64(count)
            } else if count < 0, errno == EPIPE {
                break
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return state.wait { $0.outcome } == .whole
    }

    /// Waits for more bytes, or the end of them; nil when they are not to be had.
    private func bytes(behind position: Int64) -> (FileDescriptor, length: Int64)? {
        state.wait { state -> (FileDescriptor, length: Int64)?? in
            if state.outcome == .broken { return .some(nil) }
            guard let file = state.file, state.length > position || state.outcome == .whole else { return nil }
            return (file, state.length)
        }
    }
}
