import SystemPackage

/// A Docker Engine of the test's own, and the `docker` client that speaks to it.
///
/// It touches nothing of the machine's network: no bridge, no firewall rules; containers run with `--network none`.
/// Registries at 127.0.0.0/8 are plain HTTP to it without being told.
struct DockerEngine: Sendable {
    let socket: FilePath
    private let clientFolder: FilePath
    let process: RunningCommand

    /// - Parameter settings: its `daemon.json`.
    static func start(on bench: TestBench, settings: String = "{}") async throws -> DockerEngine {
        let folder = try bench.makeFolder("dockerd")
        try write(settings, to: folder.appending("daemon.json"))
        let socket = folder.appending("s")
        let process = try bench.start(
            Command(
                "dockerd",
                "--config-file",
                folder.appending("daemon.json").string,
                "--data-root",
                folder.appending("data").string,
                "--exec-root",
                folder.appending("exec").string,
                "--pidfile",
                folder.appending("pid").string,
                "--host",
                "unix://\(socket)",
                "--iptables=false",
                "--ip6tables=false",
                "--bridge=none"
            )
        )
        let engine = DockerEngine(socket: socket, clientFolder: folder.appending("client"), process: process)
        try await process.wait(for: "answer at \(socket)") {
            try await engine("version").run().status == .exited(0) ? true : nil
        }
        return engine
    }

    /// The `docker` client with `arguments`.
    func callAsFunction(_ arguments: String...) -> Command {
        var command = Command("docker", ["--host", "unix://\(socket)"] + arguments)
        command.environment = ["DOCKER_CONFIG": clientFolder.string]
        return command
    }
}
