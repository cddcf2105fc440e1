import Glibc
import Sandbox
import SystemPackage

/// Prints a container's lines, each on the stream that it came from.
struct LogPrinter {
    let hasTimes: Bool
    /// Whether the last that was printed to a stream was the part of a line.
    private var isInLine: Set<OutputStream> = []

    init(hasTimes: Bool) {
        self.hasTimes = hasTimes
    }

    /// - Returns: false when nobody is there to read.
    mutating func print(_ lines: some Sequence<LogLine>) -> Bool {
        var bytes: [UInt8] = []
        var stream = OutputStream.standardOutput
        for line in lines {
            if line.stream != stream, !bytes.isEmpty {
                guard write(bytes, to: stream) else { return false }
                bytes = []
            }
            stream = line.stream
            if hasTimes, !isInLine.contains(stream) { bytes += "\(line.timeText) ".utf8 }
            bytes += line.content
            if line.isWhole {
                bytes.append(UInt8(ascii: "\n"))
                isInLine.remove(stream)
            } else {
                isInLine.insert(stream)
            }
        }
        return bytes.isEmpty || write(bytes, to: stream)
    }

    private func write(_ bytes: [UInt8], to stream: OutputStream) -> Bool {
        let descriptor: FileDescriptor = stream == .standardOutput ? .standardOutput : .standardError
        return (try? descriptor.writeAll(bytes)) != nil
    }
}
