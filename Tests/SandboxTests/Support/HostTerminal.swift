import Glibc
import SystemPackage

/// A terminal of the host, as a test's hands and eyes use it.
final class HostTerminal: Sendable {
    /// The side of the keyboard and the screen.
    private let terminal: Int32
    /// The side that programs have.
    let peer: Int32

    init(rows: UInt16, columns: UInt16) throws {
        var sides: (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&sides.0, &sides.1, nil, nil, &size) == 0 else { throw Errno(rawValue: errno) }
        (terminal, peer) = sides
    }

    deinit {
        close(terminal)
        close(peer)
    }

    /// The terminal's modes: local, input and output flags.
    var modes: [UInt32] {
        var attributes = termios()
        tcgetattr(peer, &attributes)
        return [attributes.c_lflag, attributes.c_iflag, attributes.c_oflag]
    }

    func type(_ text: String) {
        _ = text.withCString { write(terminal, $0, strlen($0)) }
    }

    /// Reads what is shown until `text` is among it, or ten seconds have passed.
    func shown(until text: String) async throws -> String {
        var seen = ""
        for _ in 0..<1000 where !seen.contains(text) {
            var descriptor = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 0) > 0 else {
                // Not in poll: the test's thread is needed for the container's end.
                try await Task.sleep(for: .milliseconds(10))
                continue
            }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = read(terminal, &bytes, bytes.count)
            guard count > 0 else { break }
            seen += String(decoding: bytes[..<count], as: UTF8.self)
        }
        return seen
    }
}
