import Glibc
import ImageSpec
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

    /// Writes a value as JSON, on a line.
    static func print(json value: some Encodable) throws {
        print(String(decoding: try canonicalJSON(value), as: UTF8.self))
    }

    /// Writes bytes to standard output as they are.
    static func print(bytes: [UInt8]) {
        _ = try? FileDescriptor.standardOutput.writeAll(bytes)
    }

    /// Nobody is left to be told when the reader has gone away.
    private static func write(_ line: String, to stream: FileDescriptor) {
        _ = try? stream.writeAll("\(line)\n".utf8)
    }
}
