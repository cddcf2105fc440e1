import Glibc
import Synchronization

/// Writes log lines to a descriptor on a thread of its own, in order, many with one system call.
///
/// Who logs never waits for the reader of the log: when that one stalls, and the buffer is full, lines are dropped, and
/// their number is told as soon as it reads again.
final class LogWriter: @unchecked Sendable {
    // Sendable: `state` is only touched between lock() and unlock() of `mutex`.

    /// In bytes.
    private static let bufferLimit = 4 << 20
    /// How long the thread gathers lines under load before it writes them.
    private static let gatherTime: useconds_t = 2000

    private struct State {
        var buffer: [UInt8] = []
        var droppedLines = 0
        /// The thread sleeps until it is told of a line.
        var isWaiting = false
        /// The thread writes what it has taken.
        var isWriting = false
    }

    private let descriptor: Int32
    private let note: @Sendable (_ droppedLines: Int) -> [UInt8]
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var state = State()

    /// - Parameters:
    ///   - descriptor: open as long as the process lives, as the thread does.
    ///   - note: the line that tells how many were dropped.
    init(descriptor: Int32, note: @escaping @Sendable (_ droppedLines: Int) -> [UInt8]) {
        self.descriptor = descriptor
        self.note = note
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
            guard let context else { return nil }
            Unmanaged<LogWriter>.fromOpaque(context).takeUnretainedValue().run()
        }
        pthread_create(&thread, nil, start, context)
        pthread_detach(thread)
    }

    /// Takes a line with its end.
    func write(_ line: [UInt8]) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard state.buffer.count + line.count <= Self.bufferLimit else {
            state.droppedLines += 1
            return
        }
        state.buffer.append(contentsOf: line)
        guard state.isWaiting else { return }
        state.isWaiting = false
        pthread_cond_signal(condition)
    }

    /// Returns when all lines so far are written, or `limit` is over because nobody reads them.
    func flush(within limit: Duration = .seconds(2)) {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            pthread_mutex_lock(mutex)
            let isDone = state.buffer.isEmpty && !state.isWriting
            pthread_mutex_unlock(mutex)
            guard !isDone else { return }
            usleep(1000)
        }
    }

    private func run() -> Never {
        // Signals are for the other threads.
        var everySignal = sigset_t()
        sigfillset(&everySignal)
        pthread_sigmask(SIG_BLOCK, &everySignal, nil)
        while true {
            let (lines, wasIdle) = take()
            writeAll(lines)
            // The first line after a silence is written at once; under load they are gathered.
            if !wasIdle { usleep(Self.gatherTime) }
        }
    }

    private func take() -> (lines: [UInt8], wasIdle: Bool) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        state.isWriting = false
        var wasIdle = false
        while state.buffer.isEmpty {
            wasIdle = true
            state.isWaiting = true
            pthread_cond_wait(condition, mutex)
        }
        state.isWaiting = false
        state.isWriting = true
        var lines: [UInt8] = []
        swap(&lines, &state.buffer)
        if state.droppedLines > 0 {
            lines += note(state.droppedLines)
            state.droppedLines = 0
        }
        return (lines, wasIdle)
    }

    private func writeAll(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
                if count > 0 {
                    offset += count
                } else if errno == EAGAIN {
                    usleep(10_000)
                } else if errno != EINTR {
                    // Nobody can be told that there is no log.
                    return
                }
            }
        }
    }
}
