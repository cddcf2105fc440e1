import Glibc
import SystemPackage

/// Keeps what a container writes, in files of its folder: `log`, the newest, `log.1`, and so on.
///
/// A line of a file is a time, a stream, `F` for a whole line or `P` for the part of one, and its bytes: what can't be
/// text in another form can be in this one. Nothing that fails here ever reaches the container.
///
/// - SeeAlso: Kubernetes, "CRI logging": `2016-10-06T00:17:09.669794202Z stdout F a line`.
final class ContainerLog {
    static let fileName = "log"

    private let folder: FilePath
    private let configuration: LogConfiguration
    private var descriptor: Int32 = -1
    private var size = 0
    private var times = LogTimeFormatter()

    init(in folder: FilePath, _ configuration: LogConfiguration) {
        self.folder = folder
        self.configuration = configuration
        open()
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends what came from `stream` just now.
    func append(_ bytes: ArraySlice<UInt8>, from stream: OutputStream) {
        guard configuration.isKept else { return }
        if descriptor < 0 { open() }
        let prefix = times.prefix(now()) + stream.logName
        var lines: [UInt8] = []
        lines.reserveCapacity(bytes.count + 256)
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let isWhole = line.endIndex < bytes.endIndex
            // Behind the last line break there is nothing.
            guard isWhole || !line.isEmpty else { break }
            lines += prefix
            lines += isWhole ? Self.whole : Self.part
            lines += line
            lines.append(UInt8(ascii: "\n"))
        }
        // What a full disk doesn't take is lost; the container goes on.
        if descriptor >= 0, writeAll(lines[...], to: descriptor) { size += lines.count }
        if size >= configuration.maximumFileSize { rotate() }
    }

    private static let whole = Array(" F ".utf8)
    private static let part = Array(" P ".utf8)

    private func open() {
        guard configuration.isKept else { return }
        let path = folder.appending(Self.fileName)
        descriptor = Glibc.open(path.string, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        var status = stat()
        size = descriptor >= 0 && fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    private func rotate() {
        close(descriptor)
        descriptor = -1
        let path = folder.appending(Self.fileName).string
        for number in stride(from: configuration.maximumFiles - 1, to: 0, by: -1) {
            rename(number == 1 ? path : "\(path).\(number - 1)", "\(path).\(number)")
        }
        if configuration.maximumFiles <= 1 { unlink(path) }
        open()
    }
}

extension OutputStream {
    var logName: [UInt8] { Array((self == .standardOutput ? "stdout" : "stderr").utf8) }
}
