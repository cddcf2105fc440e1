import ImageSpec
import SystemPackage

/// Our own server.
enum Berthd {
    /// Starts `berthd serve` on a free port, and waits until it listens.
    ///
    /// - Parameter folder: where it keeps its data: a new folder on the bench, or, to start it again, the one of before.
    static func start(
        on bench: TestBench,
        folder: FilePath? = nil,
        arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> RunningRegistry {
        let folder = try folder ?? bench.makeFolder("berthd")
        var command = BuiltProgram.berthd.command(
            ["serve", "--listen", "127.0.0.1:0", "--data", folder.string] + arguments
        )
        command.environment = environment
        let process = try bench.start(command)
        let address = try await process.line(after: "berthd listens on http://")
        return RunningRegistry(host: try RegistryHost(address), process: process)
    }
}
