import CConfinement
import FoundationEssentials
import Glibc
import SystemPackage

/// Runs ``TreeHelper`` in a process of its own, which lives no longer than the thread that started it.
final class TreeProcess {
    /// The longest line of its report that is read, in bytes.
    private static let maximumLine = 1 << 20

    private let process: pid_t
    private let reports: FileDescriptor
    private var received: [UInt8] = []
    private var isReaped = false

    /// - Parameters:
    ///   - container: a descriptor of the container's process, where it runs.
    ///   - input: where an archive comes from; nil for nowhere.
    ///   - output: where an archive goes to; nil for nowhere.
    init(
        _ task: TreeTask,
        in root: TreeRoot,
        container: FileDescriptor? = nil,
        input: FileDescriptor? = nil,
        output: FileDescriptor? = nil,
        program: FilePath
    ) throws(TreeFailure) {
        let request = try Self.encode(TreeRequest(root: root, task: task))
        let null = try Self.system("open /dev/null") { open("/dev/null", O_RDWR | O_CLOEXEC) }
        defer { close(null) }
        let reports = try Pipe()
        let requests: Pipe
        do {
            requests = try Pipe()
        } catch {
            reports.close()
            throw error
        }
        let descriptors = [
            input?.rawValue ?? null, output?.rawValue ?? null, STDERR_FILENO, reports.writer.rawValue,
            requests.reader.rawValue, container?.rawValue ?? null,
        ]
        let arguments = [program.string, TreeHelper.marker]
        var strings: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { strings.forEach { free($0) } }
        var process: pid_t = 0
        let code = berth_spawn(program.string, &strings, environ, descriptors, descriptors.count, &process)
        try? reports.writer.close()
        try? requests.reader.close()
        defer { try? requests.writer.close() }
        guard code == 0 else {
            try? reports.reader.close()
            throw TreeFailure("can't start \(program): \(Errno(rawValue: code))")
        }
        self.process = process
        self.reports = reports.reader
        // One that has died already says so by the end of its report.
        _ = try? withBrokenPipesAsErrors { try requests.writer.writeAll(request) }
    }

    deinit {
        if !isReaped {
            kill(process, SIGKILL)
            reap()
        }
        try? reports.close()
    }

    /// What the process says next.
    ///
    /// - Throws: ``TreeFailure`` for what it failed by, or when it ended without a word.
    func next() throws(TreeFailure) -> TreeReport {
        guard let line = readLine(), let report = try? JSONDecoder().decode(TreeReport.self, from: Data(line)) else {
            throw TreeFailure("the process that reads and writes the container's files ended without a report")
        }
        if case .failed(let reason, let isMissing) = report { throw TreeFailure(reason, isMissing: isMissing) }
        return report
    }

    /// Waits until the process has done what it was to do.
    func finish() throws(TreeFailure) {
        while true {
            guard case .done = try next() else { continue }
            return reap()
        }
    }

    /// Waits until the process has done what it was to do, and so has this one.
    ///
    /// - Parameter result: what came of this process's part; the other end of its pipe is closed.
    /// - Throws: of two failures the one that was first, which the other only shows.
    func finish<Value>(with result: Result<Value, any Error>) throws -> Value {
        guard case .failure(let error) = result else {
            try finish()
            return try result.get()
        }
        while let line = readLine(), let report = try? JSONDecoder().decode(TreeReport.self, from: Data(line)) {
            if case .failed(let reason, let isMissing) = report { throw TreeFailure(reason, isMissing: isMissing) }
        }
        throw error
    }

    private func readLine() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while received.count < Self.maximumLine {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                defer { received.removeFirst(end + 1) }
                return Array(received[..<end])
            }
            guard let count = try? buffer.withUnsafeMutableBytes({ try reports.read(into: $0) }), count > 0 else {
                return nil
            }
            received += buffer[..<count]
        }
        return nil
    }

    private func reap() {
        while waitpid(process, nil, 0) == -1, errno == EINTR {}
        isReaped = true
    }

    private static func encode(_ request: TreeRequest) throws(TreeFailure) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(request))
        } catch {
            throw TreeFailure("the request can't be written: \(error)")
        }
    }

    private static func system(_ what: String, _ body: () -> Int32) throws(TreeFailure) -> Int32 {
        let result = body()
        guard result >= 0 else { throw TreeFailure("can't \(what): \(Errno(rawValue: errno))") }
        return result
    }
}
