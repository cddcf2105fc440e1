import CSandbox
import Glibc
import SystemPackage

/// A program of the host's that works beside this process until it is told to end: by a pipe, whose other end goes with
/// this process, too. Another pipe is how it says that it is ready.
final class BackgroundProgram {
    /// Of what it says, in bytes.
    private static let maximumWords = 4096
    /// In milliseconds, until what was told to end is killed.
    private static let patience = 2000

    private let started: berth_background
    private var isEnded = false

    /// - Parameters:
    ///   - folder: its working folder.
    ///   - arguments: given the numbers of the descriptors that it is to say it is ready at, and to end by.
    /// - Throws: ``SandboxError/startFailed(step:subject:_:)``.
    init(_ path: String, in folder: FilePath, _ arguments: (_ ready: Int, _ exit: Int) -> [String]) throws {
        let strings = CStrings()
        let words = strings.list([path] + arguments(Int(BERTH_BACKGROUND_READY), Int(BERTH_BACKGROUND_EXIT)))
        var started = berth_background()
        let error = withExtendedLifetime(strings) { berth_start_background(path, words, folder.string, &started) }
        guard error == 0 else {
            throw SandboxError.startFailed(step: "cannot run", subject: path, Errno(rawValue: error))
        }
        self.started = started
    }

    deinit {
        stop()
        close(started.ready)
        close(started.output)
    }

    /// Waits until it says that it is ready; false when it ends before, or isn't in time.
    func waitUntilReady(seconds: Double) -> Bool {
        var readiness = pollfd(fd: started.ready, events: Int16(POLLIN), revents: 0)
        let deadline = Deadline.after(seconds: seconds)
        while !deadline.hasPassed {
            guard poll(&readiness, 1, 100) > 0 else { continue }
            var byte: UInt8 = 0
            return read(started.ready, &byte, 1) == 1
        }
        return false
    }

    /// What it has said, on one line.
    var words: String {
        var bytes = [UInt8](repeating: 0, count: Self.maximumWords)
        let count = bytes.withUnsafeMutableBytes { pread(started.output, $0.baseAddress, $0.count, 0) }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            .split(separator: "\n").joined(separator: "; ")
    }

    /// Tells it to end, and waits until it has; kills one that doesn't.
    func stop() {
        guard !isEnded else { return }
        isEnded = true
        close(started.exit)
        for _ in 0..<Self.patience {
            if waitpid(started.process, nil, WNOHANG) != 0 { return }
            usleep(1000)
        }
        kill(started.process, SIGKILL)
        while waitpid(started.process, nil, 0) < 0, errno == EINTR {}
    }
}
