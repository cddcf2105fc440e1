import Foundation
import Glibc

/// A program's run to the end, and how long it took: nothing looks at it meanwhile.
struct TimedRun {
    let seconds: Double

    /// - Throws: when the program can't be started, or its exit status isn't 0.
    @discardableResult
    init(_ words: [String]) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let log = "/tmp/berth-bench-\(getpid())-\(UInt64.random(in: 0 ... .max)).log"
        defer { unlink(log) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var arguments = words.map { strdup($0) } + [nil]
        defer { for text in arguments { free(text) } }
        var process: pid_t = 0
        let watch = Stopwatch()
        let code = posix_spawnp(&process, words[0], &actions, nil, &arguments, environ)
        guard code == 0 else { throw BenchmarkError("\(words[0]): \(String(cString: strerror(code)))") }
        var status: Int32 = 0
        while waitpid(process, &status, 0) != process {
            guard errno == EINTR else { throw BenchmarkError.system("waitpid") }
        }
        seconds = watch.seconds
        guard status == 0 else {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            throw BenchmarkError("\(words.joined(separator: " ")) ended with \(status): \(text.suffix(500))")
        }
    }
}
