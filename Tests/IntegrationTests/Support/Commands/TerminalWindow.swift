import Glibc
import Synchronization
import SystemPackage

/// A program at a terminal of its own, as a test's hands and eyes use it.
final class TerminalWindow: Sendable {
    private let screen: FileDescriptor
    private let processID: pid_t
    private let seen = Mutex<[UInt8]>([])
    private let ending = Mutex<ExitStatus?>(nil)

    /// Starts `command` with the terminal as its controlling one.
    init(_ command: Command, rows: UInt16 = 24, columns: UInt16 = 80) throws {
        var sides: (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&sides.0, &sides.1, nil, nil, &size) == 0 else { throw Errno(rawValue: errno) }
        screen = FileDescriptor(rawValue: sides.0)
        let peer = FileDescriptor(rawValue: sides.1)
        defer { try? peer.close() }
        for side in [sides.0, sides.1] { _ = fcntl(side, F_SETFD, FD_CLOEXEC) }
        var leader = Command("setsid", ["--ctty", "--wait", command.program] + command.arguments)
        leader.environment = command.environment
        processID = try leader.spawn(input: peer, output: peer, error: peer)
    }

    deinit {
        if ending.withLock({ $0 }) == nil {
            kill(processID, SIGKILL)
            waitpid(processID, nil, 0)
        }
        try? screen.close()
    }

    func type(_ text: String) {
        _ = try? screen.writeAll(text.utf8)
    }

    func resize(rows: UInt16, columns: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(screen.rawValue, UInt(TIOCSWINSZ), &size)
    }

    /// Waits until `text` is shown, and forgets what was up to its end.
    ///
    /// - Throws: ``CommandError/timedOut(_:limit:standardError:)`` with all that was shown instead.
    @discardableResult
    func see(_ text: String, within limit: Duration = .seconds(15)) async throws -> String {
        let wanted = Array(text.utf8)
        let found = try await poll(within: limit) { [self] () -> String? in
            readScreen()
            return seen.withLock { bytes in
                guard let end = Self.end(of: wanted, in: bytes) else { return nil }
                let shown = String(decoding: bytes[..<end], as: UTF8.self)
                bytes.removeFirst(end)
                return shown
            }
        }
        guard let found else {
            throw CommandError.timedOut(
                "wait for '\(text)'",
                limit: limit,
                standardError: String(decoding: seen.withLock { $0 }, as: UTF8.self)
            )
        }
        return found
    }

    /// Waits for the program's end.
    func status(within limit: Duration = .seconds(15)) async throws -> ExitStatus? {
        try await poll(within: limit) { [self] in
            readScreen()
            return ending.withLock { known in
                var waitStatus: Int32 = 0
                if known == nil, waitpid(processID, &waitStatus, WNOHANG) == processID {
                    known = ExitStatus(waitStatus: waitStatus)
                }
                return known
            }
        }
    }

    private func readScreen() {
        var readiness = pollfd(fd: screen.rawValue, events: Int16(POLLIN), revents: 0)
        while Glibc.poll(&readiness, 1, 0) > 0 {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = Glibc.read(screen.rawValue, &bytes, bytes.count)
            guard count > 0 else { return }
            seen.withLock { $0 += bytes[..<count] }
        }
    }

    private static func end(of wanted: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= wanted.count else { return nil }
        for start in 0...(bytes.count - wanted.count)
        where bytes[start..<start + wanted.count].elementsEqual(wanted) {
            return start + wanted.count
        }
        return nil
    }
}
