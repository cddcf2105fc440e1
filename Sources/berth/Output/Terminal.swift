import Glibc
import ImageSpec
import SystemPackage

/// The program's standard streams, each line written at once.
enum Terminal {
    /// Writes a line to standard output.
    static func print(_ line: String) {
        write("\(line)\n".utf8, to: .standardOutput)
    }

    /// Writes a line to standard error.
    static func report(_ line: String) {
        write("\(line)\n".utf8, to: .standardError)
    }

    /// Writes a value as JSON, on a line.
    static func print(json value: some Encodable) throws {
        print(String(decoding: try canonicalJSON(value), as: UTF8.self))
    }

    /// Writes bytes to standard output as they are.
    static func print(bytes: [UInt8]) {
        write(bytes, to: .standardOutput)
    }

    /// Writes bytes; whoever reads what was printed must not take a part for the whole, so when it can't be written the
    /// program ends.
    static func write(_ bytes: some Sequence<UInt8>, to stream: FileDescriptor) {
        do {
            try writeAll(Array(bytes), to: stream)
        } catch {
            // Nobody is left to be told.
            guard stream == .standardOutput else { return }
            if error as? Errno == .brokenPipe { endByBrokenPipe() }
            report("berth: can't write to the standard output: \(error)")
            exit(Failure.generalStatus)
        }
    }

    private static func writeAll(_ bytes: [UInt8], to stream: FileDescriptor) throws {
        var count = 0
        while count < bytes.count {
            do {
                count += try bytes[count...].withUnsafeBytes { try stream.write($0) }
            } catch Errno.resourceTemporarilyUnavailable {
                // Whoever shares the stream with us may have made it one that doesn't wait.
                var waiting = pollfd(fd: stream.rawValue, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, -1)
            }
        }
    }

    /// Ends as a program does that writes to a reader who has gone away: `berth images | head -1` is no error that
    /// anybody wants to read of.
    private static func endByBrokenPipe() -> Never {
        // The connections' library has it ignored.
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
        // Unless it is blocked.
        _exit(128 + SIGPIPE)
    }
}
