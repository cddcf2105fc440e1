import Synchronization
import SystemPackage

/// What one test has set up: a temporary folder, and the programs that run in it.
///
/// ```swift
/// try await TestBench.use { bench in
///     let registry = try await DockerRegistry.start(on: bench)
///     …
/// }
/// ```
final class TestBench: Sendable {
    let folder: FilePath
    private let running = Mutex<[RunningCommand]>([])

    private init(folder: FilePath) {
        self.folder = folder
    }

    /// Runs `body` on a new bench, and clears it whatever happens: programs stop, the last started first; mounts and
    /// the folder go.
    static func use<Result: Sendable>(_ body: @Sendable (TestBench) async throws -> Result) async throws -> Result {
        let folder = try TemporaryFolder()
        let bench = TestBench(folder: folder.path)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(bench))
        } catch {
            outcome = .failure(error)
        }
        await bench.stopAll()
        await folder.remove()
        return try outcome.get()
    }

    /// Starts `command`, to be stopped at the end of the test at the latest.
    func start(_ command: Command) throws -> RunningCommand {
        let started = try command.start()
        running.withLock { $0.append(started) }
        return started
    }

    /// Makes a new folder on the bench.
    func makeFolder(_ name: String) throws -> FilePath {
        let path = folder.appending(name)
        try IntegrationTests.makeFolder(path)
        return path
    }

    private func stopAll() async {
        for program in running.withLock({ $0 }).reversed() { await program.stop() }
        await ContainerMonitor.killAll(below: folder)
    }
}
