import Glibc
import SystemPackage

/// The program's standard streams, each line written at once.
enum Terminal {
    /// Writes a line to standard output.
    static func print(_ line: String) {
        write(line, to: .standardOutput)
    }

    /// Writes a line to standard error.
    static func report(_ line: String) {
        write(line, to: .standardError)
    }

    /// Nobody is left to be told when the reader has gone away.
    private static func write(_ line: String, to stream: FileDescriptor) {
        _ = try? stream.writeAll("\(line)\n".utf8)
    }
}
