import ImageSpec
import SystemPackage

/// Debian's `docker-registry`: CNCF distribution 2.8.
enum DockerRegistry {
    /// Starts an empty registry that keeps its blobs on the bench, and waits until it answers.
    ///
    /// - Parameters:
    ///   - settings: more lines for its configuration, such as how it authenticates its users.
    ///   - httpSettings: more of how it listens, such as its certificate.
    static func start(
        on bench: TestBench,
        settings: String = "",
        httpSettings: String = ""
    ) async throws -> RunningRegistry {
        let port = try LoopbackPort.free()
        let folder = try bench.makeFolder("docker-registry-\(port)")
        let configuration = """
            version: 0.1
            log: {level: warn, accesslog: {disabled: false}}
            storage: {delete: {enabled: true}, filesystem: {rootdirectory: \(folder.appending("data"))}}
            http: {addr: "127.0.0.1:\(port)"\(httpSettings.isEmpty ? "" : ", \(httpSettings)")}
            \(settings)

            """
        try write(configuration, to: folder.appending("config.yml"))
        let process = try bench.start(Command("docker-registry", "serve", folder.appending("config.yml").string))
        try await process.wait(for: "listen at \(port)") { LoopbackPort.answers(port) ? true : nil }
        return RunningRegistry(host: try RegistryHost("127.0.0.1:\(port)"), process: process)
    }
}
