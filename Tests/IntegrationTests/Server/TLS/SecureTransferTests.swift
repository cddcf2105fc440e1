import Glibc
import ImageSpec
import SystemPackage
import Testing

/// What goes on over TLS goes on as it does without.
@Suite("Requests over TLS", .timeLimit(.minutes(5)))
struct SecureTransferTests {
    @Test(
        "blobs come and go, whole and in parts",
        .needs("curl", "openssl"),
        arguments: ["--http1.1", "--http2"]
    )
    func blobs(version: String) async throws {
        let bytes = pseudorandomBytes(20_000_000)
        try await TestBench.use { bench in
            let server = try await SecureBerthd.start(on: bench, by: TestAuthority(on: bench))
            let digest = try await server.push(bytes, to: "team/app", version: version)
            let path = "/v2/team/app/blobs/\(digest)"

            let got = try await server.curl(version, path).run()
            #expect(got.standardOutput == bytes)
            let part = try await server.curl(version, "--range", "1000000-1999999", path).run()
            #expect(part.standardOutput == Array(bytes[1_000_000..<2_000_000]))
            let parts = try await server.curl(version, "--range", "0-9,100-199", path).run()
            #expect(parts.text.contains("bytes 100-199/20000000"))

            let head = try await server.curl(version, "--head", path).output().lowercased()
            #expect(head.hasPrefix(version == "--http2" ? "http/2 200" : "http/1.1 200"))
            #expect(head.contains("content-length: 20000000"))
            #expect(head.contains("strict-transport-security: max-age=31536000"))
        }
    }

    @Test(
        "an answer that comes before a large body's end is read",
        .needs("curl", "openssl"),
        arguments: ["--http1.1", "--http2"]
    )
    func earlyAnswer(version: String) async throws {
        try await TestBench.use { bench in
            let server = try await SecureBerthd.start(on: bench, by: TestAuthority(on: bench))
            let digest = Digest.of([1])
            var put = server.curl(version, "--upload-file", "-", "/v2/app/blobs/uploads/none?digest=\(digest)")
            put.input = .bytes([UInt8](repeating: 1, count: 30_000_000))
            let result = try await put.run()
            #expect(result.text.contains("BLOB_UPLOAD_UNKNOWN"), "\(result.errorText)")
            #expect(result.status == .exited(0))
        }
    }

    @Test("headers that are too long end their connection of HTTP/2, and no other", .needs("curl", "openssl"))
    func headers() async throws {
        try await TestBench.use { bench in
            let server = try await SecureBerthd.start(on: bench, by: TestAuthority(on: bench))
            let fields = { (count: Int) in
                (0..<count).flatMap { ["--header", "X-\($0): \(String(repeating: "a", count: 4000))"] }
            }
            let begin = ContinuousClock.now
            for count in [5, 40] {
                let long = try await server.curl(["--http2"] + fields(count) + ["/v2/"]).run()
                #expect(long.status != .exited(0) && long.text.isEmpty, "\(long.text)")
            }
            #expect(ContinuousClock.now - begin < .seconds(10))
            #expect(try await server.curl(["--http2"] + fields(3) + ["/v2/"]).output() == "{}")
        }
    }

    @Test("a hundred streams of one connection are answered", .needs("curl", "openssl"))
    func streams() async throws {
        let bytes = pseudorandomBytes(300_000)
        try await TestBench.use { bench in
            let operation = "127.0.0.1:\(try LoopbackPort.free())"
            let server = try await SecureBerthd.start(
                on: bench,
                by: TestAuthority(on: bench),
                environment: ["BERTHD_METRICS_LISTEN": operation]
            )
            let digest = try await server.push(bytes, to: "app")
            let file = bench.folder.appending("urls")
            let url = "https://\(server.host)/v2/app/blobs/\(digest)"
            let lines = (0..<200).map { "url = \"\(url)\"\noutput = \"\(bench.folder.appending("got-\($0)"))\"\n" }
            try write(lines.joined(), to: file)
            let crowd = server.curl(
                "--http2",
                "--parallel",
                "--parallel-max",
                "100",
                "--write-out",
                "%{http_code} %{http_version} %{size_download} %{num_connects}\\n",
                "--config",
                file.string
            )
            let answers = try await crowd.output().split(separator: "\n")
            #expect(answers.count == 200)
            #expect(answers.allSatisfy { $0.hasPrefix("200 2 300000") })
            #expect(answers.count { $0.hasSuffix(" 1") } < 20, "most streams share a connection")
            for index in [0, 77, 199] {
                #expect(try contents(ofFileAt: bench.folder.appending("got-\(index)")) == bytes)
            }
        }
    }

    @Test("a client of HTTP/2 that stops reading is cut off, and another of the same server isn't", .needs("curl"))
    func stoppedReader() async throws {
        let bytes = pseudorandomBytes(40_000_000)
        try await TestBench.use { bench in
            let server = try await SecureBerthd.start(
                on: bench,
                by: TestAuthority(on: bench),
                environment: [
                    "BERTHD_SLOW_TIMEOUT": "1s", "BERTHD_MINIMUM_RATE": "100KiB", "BERTHD_LOG_FORMAT": "json",
                ]
            )
            let digest = try await server.push(bytes, to: "app")
            let url = "/v2/app/blobs/\(digest)"
            let reader = try bench.start(
                server.curl("--http2", "--header", "X-Request-Id: stopped", "--output", "/dev/null", url)
                    .limited(to: "10k")
            )
            let line = try await server.registry.accessLine { $0["request_id"] as? String == "stopped" }
            #expect(line["cut"] != nil)
            await reader.kill()
            #expect(try await server.curl("--http2", url).run().standardOutput == bytes)
        }
    }

    @Test(
        "a connection with a download under way isn't idle",
        .needs("curl", "openssl"),
        arguments: ["--http1.1", "--http2"]
    )
    func notIdle(version: String) async throws {
        let bytes = pseudorandomBytes(20_000_000)
        try await TestBench.use { bench in
            let server = try await SecureBerthd.start(
                on: bench,
                by: TestAuthority(on: bench),
                environment: ["BERTHD_IDLE_TIMEOUT": "500ms"]
            )
            let digest = try await server.push(bytes, to: "app")
            let get = server.curl(version, "/v2/app/blobs/\(digest)").limited(to: "6M")
            #expect(try await get.run().standardOutput == bytes)
        }
    }

    @Test(
        "a server that stops lets what is under way end, and no longer than the drain time",
        .needs("curl", "openssl"),
        arguments: ["--http1.1", "--http2"]
    )
    func drain(version: String) async throws {
        // More than curl takes ahead of what it may keep.
        let bytes = pseudorandomBytes(60_000_000)
        try await TestBench.use { bench in
            let server = try await SecureBerthd.start(
                on: bench,
                by: TestAuthority(on: bench),
                environment: ["BERTHD_DRAIN_TIME": "8s"]
            )
            let digest = try await server.push(bytes, to: "app")
            let (quick, slow) = (bench.folder.appending("quick"), bench.folder.appending("slow"))
            let path = "/v2/app/blobs/\(digest)"
            let fast = try bench.start(server.curl(version, "--output", quick.string, path).limited(to: "20M"))
            let late = try bench.start(server.curl(version, "--output", slow.string, path).limited(to: "1M"))
            for file in [quick, slow] {
                try await fast.wait(for: "bytes") {
                    ((try? contents(ofFileAt: file).count) ?? 0) > 0 || fast.status != nil ? true : nil
                }
            }
            let start = ContinuousClock.now
            server.process.send(signal: SIGTERM)
            #expect(try await fast.result(within: .seconds(20)).status == .exited(0))
            #expect(try contents(ofFileAt: quick) == bytes)
            #expect(try await server.process.result(within: .seconds(20)).status == .exited(0))
            #expect(ContinuousClock.now - start < .seconds(16))
            #expect(try await late.result(within: .seconds(20)).status != .exited(0))
        }
    }
}

extension Command {
    /// curl, at most so fast.
    fileprivate func limited(to rate: String) -> Command {
        var command = self
        command.arguments += ["--limit-rate", rate]
        return command
    }
}
