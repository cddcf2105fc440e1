import Foundation
import Glibc

/// A program's run, with the time and the memory that it took.
struct MeasuredRun {
    let seconds: Double
    /// The most that the program, or the largest of those that it ran, had resident, in MiB.
    let peakMemory: Double

    /// Between two looks at the program, in microseconds.
    private static let interval: UInt32 = 5000

    /// Runs `words` to the end, what it prints going to `log`.
    ///
    /// - Throws: when the program can't be started, or its exit status isn't 0.
    init(_ words: [String], environment: [String: String] = [:], log: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var arguments = words.map { strdup($0) } + [nil]
        var environment = variables.map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var process: pid_t = 0
        let watch = Stopwatch()
        let code = posix_spawnp(&process, words[0], &actions, nil, &arguments, &environment)
        guard code == 0 else { throw BenchmarkError("\(words[0]): \(String(cString: strerror(code)))") }
        var status: Int32 = 0
        var peak = 0.0
        // What wait4 says of memory counts this process's own too, which the new one begins as.
        while case let ended = waitpid(process, &status, WNOHANG), ended != process {
            guard ended == 0 || errno == EINTR else { throw BenchmarkError.system("waitpid") }
            for member in Server.family(of: process) { peak = max(peak, Server.peakMemory(of: member) ?? 0) }
            usleep(Self.interval)
        }
        seconds = watch.seconds
        peakMemory = peak
        guard status == 0 else {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            throw BenchmarkError("\(words.joined(separator: " ")) ended with \(status): \(text.suffix(500))")
        }
    }
}
