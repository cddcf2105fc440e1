import Foundation
import SystemPackage

/// docker, with an engine of its own: pulled layers are unpacked by that.
final class DockerClient: ImageClient {
    private let socket: String
    private let folder: FilePath
    private let engine: Process

    /// Starts the engine, which touches nothing of the machine's network, and waits until it answers.
    init(folder: FilePath) throws {
        self.folder = folder
        // A socket's path has to be short.
        socket = "/tmp/berth-bench-\(ProcessInfo.processInfo.processIdentifier).sock"
        let log = folder.appending("dockerd.log").string
        try Data("{}".utf8).write(to: URL(fileURLWithPath: folder.appending("daemon.json").string))
        guard FileManager.default.createFile(atPath: log, contents: nil), let output = FileHandle(forWritingAtPath: log)
        else { throw BenchmarkError("can't write \(log)") }
        engine = Process()
        engine.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        engine.arguments = [
            "dockerd", "--config-file", folder.appending("daemon.json").string,
            "--data-root", folder.appending("data").string, "--exec-root", folder.appending("exec").string,
            "--pidfile", folder.appending("pid").string, "--host", "unix://\(socket)",
            "--iptables=false", "--ip6tables=false", "--bridge=none",
        ]
        engine.environment = ProcessInfo.processInfo.environment
        engine.environment?["PATH", default: "/usr/bin"] += ":/usr/sbin"
        engine.standardOutput = output
        engine.standardError = output
        try engine.run()
        let watch = Stopwatch()
        while (try? Program.run("docker", "--host", "unix://\(socket)", "version")) == nil {
            guard engine.isRunning, watch.seconds < 60 else {
                let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
                stop()
                throw BenchmarkError("dockerd doesn't answer: \(text.suffix(500))")
            }
            usleep(100_000)
        }
    }

    var command: [String] { ["docker", "--host", "unix://\(socket)"] }

    func pull(_ name: String) -> [String] { command + ["pull", "--quiet", name] }

    func push(_ source: String, as name: String) -> [[String]] {
        [command + ["tag", source, name], command + ["push", "--quiet", name]]
    }

    /// Of the engine, which does the work.
    var peakMemory: Double? { Server.peakMemory(of: engine.processIdentifier) }

    func stop() {
        engine.terminate()
        engine.waitUntilExit()
        try? FileManager.default.removeItem(atPath: socket)
    }
}
