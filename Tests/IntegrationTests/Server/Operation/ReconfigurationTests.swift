import Glibc
import SystemPackage
import Testing

@Suite("Configuration while the server runs", .timeLimit(.minutes(5)))
struct ReconfigurationTests {
    @Test("SIGHUP applies what can change, and says what needs a restart")
    func reload() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("berthd.yaml")
            try write("max_requests: 100\n", to: file)
            let operation = "127.0.0.1:\(try LoopbackPort.free())"
            let registry = try await Berthd.start(
                on: bench,
                arguments: ["--config", file.string],
                environment: ["BERTHD_METRICS_LISTEN": operation]
            )
            let location = try await registry.startUpload(in: "app")

            try write("max_requests: 1\nmax_manifest_size: 1MiB\n", to: file)
            registry.process.send(signal: SIGHUP)
            try await registry.waitForLog("the configuration was read again")
            #expect(registry.log.contains("max_requests=\"100 -> 1\""))
            let restart = registry.log.split(separator: "\n").first { $0.contains("needs a restart") }
            #expect(restart?.contains("key=max_manifest_size") == true)

            let upload = try RawConnection(to: registry.host)
            try upload.send("PATCH \(location) HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
            try await registry.waitForUploads(1, at: "http://\(operation)")
            #expect(try await registry.call(.GET, "/v2/").status == 503)
        }
    }

    @Test("a file that isn't valid changes nothing, and the log says why")
    func badFile() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("berthd.yaml")
            try write("log_level: info\n", to: file)
            let registry = try await Berthd.start(on: bench, arguments: ["--config", file.string])
            try write("log_level: critical\nmax_request: 1\n", to: file)
            registry.process.send(signal: SIGHUP)
            try await registry.waitForLog("the configuration is not valid and stays as it was")
            #expect(registry.log.contains("did you mean 'max_requests'?"))
            _ = try await registry.call(.GET, "/v2/still-logged")
            try await registry.waitForLog("/v2/still-logged")
        }
    }

    @Test("the log's level changes with SIGHUP")
    func logLevel() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("berthd.yaml")
            try write("log_level: warning\n", to: file)
            let registry = try await Berthd.start(on: bench, arguments: ["--config", file.string])
            _ = try await registry.call(.GET, "/v2/not-logged")
            try write("log_level: info\n", to: file)
            registry.process.send(signal: SIGHUP)
            try await registry.waitForLog("the configuration was read again")
            _ = try await registry.call(.GET, "/v2/logged")
            try await registry.waitForLog("/v2/logged")
            #expect(!registry.log.contains("/v2/not-logged"))
        }
    }
}

extension RunningRegistry {
    var log: String { String(decoding: process.errorSoFar, as: UTF8.self) }

    func waitForLog(_ text: String) async throws {
        try await process.wait(for: "log '\(text)'", within: .seconds(10)) { log.contains(text) ? true : nil }
    }
}
