import Foundation
import SystemPackage

/// A contestant's process that serves a folder at a port of 127.0.0.1.
final class Server {
    let contestant: Contestant
    let port: Int
    private let process: Process
    private let log: String

    /// Starts `contestant`, with its data in `data`, and waits until it answers.
    static func start(_ contestant: Contestant, data: FilePath, on bench: Bench) throws -> Server {
        let port = try freePort()
        let command =
            switch contestant {
            case .berthd: berthd(port: port, data: data, on: bench)
            case .dockerRegistry: try dockerRegistry(port: port, data: data, on: bench)
            case .nginx: try nginx(port: port, data: data, on: bench)
            default: throw BenchmarkError("\(contestant.rawValue) is no server")
            }
        return try start(contestant, port: port, command: command, on: bench)
    }

    /// Starts what `command` says, which is to answer at `port`, and waits until it does.
    static func start(_ contestant: Contestant, port: Int, command: ServerCommand, on bench: Bench) throws -> Server {
        let server = try Server(contestant, port: port, command: command, log: bench.folder)
        try server.waitUntilItAnswers()
        return server
    }

    private init(_ contestant: Contestant, port: Int, command: ServerCommand, log folder: FilePath) throws {
        self.contestant = contestant
        self.port = port
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command.words
        process.environment = ProcessInfo.processInfo.environment.merging(command.environment) { $1 }
        // Where Debian has nginx, which others than root don't look at.
        process.environment?["PATH", default: "/usr/bin"] += ":/usr/sbin"
        log = folder.appending("\(contestant.rawValue).log").string
        guard FileManager.default.createFile(atPath: log, contents: nil), let file = FileHandle(forWritingAtPath: log)
        else { throw BenchmarkError("can't write \(log)") }
        process.standardOutput = file
        process.standardError = file
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// The CPU time that the server and its children have taken so far, in seconds.
    var processorTime: Double {
        family.reduce(0) { $0 + Server.processorTime(of: $1) }
    }

    /// The most memory that the server has had resident, in MiB.
    var peakMemory: Double? { Self.peakMemory(of: process.processIdentifier) }

    static func peakMemory(of process: Int32) -> Double? {
        let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }.map { $0 / 1024 }
    }

    private var family: [Int32] { Self.family(of: process.processIdentifier) }

    /// A process and its children.
    static func family(of own: Int32) -> [Int32] {
        let children = try? String(contentsOfFile: "/proc/\(own)/task/\(own)/children", encoding: .utf8)
        return [own] + (children ?? "").split(separator: " ").compactMap { Int32($0) }
    }

    /// The kernel's clock of one process counts nanoseconds; `/proc/PID/stat` only hundredths of seconds.
    private static func processorTime(of process: Int32) -> Double {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private func waitUntilItAnswers() throws {
        let watch = Stopwatch()
        while watch.seconds < 60 {
            if let connection = try? Connection(port: port),
                // One with accounts asks who is there.
                (try? connection.request("GET", "/v2/", expecting: 200, 401)) != nil
            {
                return
            }
            guard process.isRunning else { throw BenchmarkError("\(contestant.rawValue) ended at once: \(endOfLog)") }
            usleep(1000)
        }
        stop()
        throw BenchmarkError("\(contestant.rawValue) doesn't answer: \(endOfLog)")
    }

    private var endOfLog: String {
        String(((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").suffix(500))
    }

    static func freePort() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 20000..<32000)
            // What nobody answers at is free, but for the time between here and the server's start.
            if (try? Connection(port: port)) == nil { return port }
        }
        throw BenchmarkError("no port is free")
    }
}
