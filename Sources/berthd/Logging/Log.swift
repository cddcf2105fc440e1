import Glibc
import Logging
import RegistryServer
import Synchronization

/// Where and how this process logs: what the handlers of all its loggers share.
final class Log: Sendable {
    let format: LogFormat
    private let writer: LogWriter
    /// By their numbers; `allCases` would be made anew for each line.
    private static let levels = Logger.Level.allCases
    private let storedLevel: Atomic<Int>
    private let logsRequests: Atomic<Bool>

    /// Logs to standard error.
    init(_ configuration: ServeConfiguration) {
        format = configuration.logFormat
        storedLevel = Atomic(Self.index(of: configuration.logLevel))
        logsRequests = Atomic(configuration.accessLog)
        writer = LogWriter(descriptor: STDERR_FILENO) { [format] count in
            var line = LogLine(format, level: .warning, message: "lines of the log were dropped: nobody read them")
            line.add("lines", Int64(count))
            line.end()
            return line.bytes
        }
    }

    /// Takes over what can change while the server runs.
    func apply(_ configuration: ServeConfiguration) {
        storedLevel.store(Self.index(of: configuration.logLevel), ordering: .relaxed)
        logsRequests.store(configuration.accessLog, ordering: .relaxed)
    }

    var level: Logger.Level {
        Self.levels[storedLevel.load(ordering: .relaxed)]
    }

    func write(_ line: consuming LogLine) {
        line.end()
        writer.write(line.bytes)
    }

    /// Logs a request that has ended.
    func record(_ request: AccessEntry) {
        guard logsRequests.load(ordering: .relaxed), level <= .info else { return }
        var line = LogLine(format, level: .info, message: "request")
        line.add("request_id", request.requestID)
        line.add("client", request.client)
        if let name = request.certificateName { line.add("certificate", name) }
        line.add("method", request.method)
        line.add("path", request.path)
        line.add("route", request.route.name)
        if let repository = request.repository { line.add("repository", repository) }
        if let reference = request.reference { line.add("reference", reference) }
        line.add("status", Int64(request.status))
        line.add("bytes_received", request.bytesReceived)
        line.add("bytes_sent", request.bytesSent)
        line.add("milliseconds", nanoseconds: request.nanoseconds)
        if let userAgent = request.userAgent { line.add("user_agent", userAgent) }
        if !request.isComplete { line.add("cut", "true") }
        write(line)
    }

    /// Returns when all that was logged is written.
    func flush() {
        writer.flush()
    }

    private static func index(of level: Logger.Level) -> Int {
        levels.firstIndex(of: level) ?? 0
    }
}
