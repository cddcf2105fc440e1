import ImageSpec
import SystemPackage

/// An HTTP proxy of somebody else's.
struct Tinyproxy: Sendable {
    let host: RegistryHost
    let process: RunningCommand
    private let logFile: FilePath

    static func start(on bench: TestBench) async throws -> Tinyproxy {
        let port = try LoopbackPort.free()
        let folder = try bench.makeFolder("tinyproxy")
        let logFile = folder.appending("log")
        let configuration = """
            Port \(port)
            Listen 127.0.0.1
            Allow 127.0.0.1
            MaxClients 50
            Timeout 600
            LogFile "\(logFile)"
            LogLevel Connect

            """
        try write(configuration, to: folder.appending("conf"))
        let process = try bench.start(Command("tinyproxy", "-d", "-c", folder.appending("conf").string))
        try await process.wait(for: "listen at \(port)") { LoopbackPort.answers(port) ? true : nil }
        return Tinyproxy(host: try RegistryHost("127.0.0.1:\(port)"), process: process, logFile: logFile)
    }

    /// What it was asked for.
    var log: String { String(decoding: (try? contents(ofFileAt: logFile)) ?? [], as: UTF8.self) }
}
