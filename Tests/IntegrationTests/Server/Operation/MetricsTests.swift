import Glibc
import ImageSpec
import SystemPackage
import Testing

@Suite("Metrics and health", .timeLimit(.minutes(5)))
struct MetricsTests {
    @Test("what the server did and holds is counted")
    func metrics() async throws {
        try await TestBench.use { bench in
            let (registry, operation) = try await Self.start(on: bench)
            let bytes = pseudorandomBytes(100_000)
            let manifest = try await registry.push(layers: [bytes], to: "app", tag: "1")
            try await registry.push(bytes, to: "other")
            for _ in 0..<3 { _ = try await registry.call(.GET, "/v2/app/manifests/1") }
            _ = try await registry.call(.GET, "/v2/app/blobs/\(Digest.of(bytes))")
            _ = try await registry.call(.GET, "/v2/app/blobs/\(Digest.of([1, 2, 3]))")

            let metrics = try await registry.metrics(at: operation)
            #expect(metrics[#"berthd_requests_total{route="manifest",status="200"}"#] == 3)
            #expect(metrics[#"berthd_requests_total{route="manifest",status="201"}"#] == 1)
            #expect(metrics[#"berthd_requests_total{route="blob",status="200"}"#] == 1)
            #expect(metrics[#"berthd_requests_total{route="blob",status="404"}"#] == 1)
            #expect(metrics[#"berthd_request_seconds_count{route="manifest"}"#] == 4)
            #expect(metrics[#"berthd_response_bytes_bucket{route="blob",le="65536"}"#] == 1)
            #expect(metrics[#"berthd_response_bytes_bucket{route="blob",le="262144"}"#] == 2)
            #expect(try #require(metrics["berthd_received_bytes_total"]) >= 200_000)
            #expect(try #require(metrics["berthd_sent_bytes_total"]) >= Double(100_000 + 3 * manifest.bytes.count))
            #expect(metrics["berthd_blobs"] == 2)
            #expect(metrics["berthd_blob_bytes"] == 100_002)
            #expect(metrics["berthd_uploads_under_way"] == 0)
            #expect(metrics["berthd_requests_under_way"] == 0)
            #expect(try #require(metrics[#"berthd_manifest_cache_total{result="hit"}"#]) >= 2)
            #expect(try #require(metrics[#"berthd_database_seconds_count{operation="write"}"#]) >= 4)
            #expect(try #require(metrics[#"berthd_database_seconds_sum{operation="read"}"#]) > 0)
            #expect(try #require(metrics["process_resident_memory_bytes"]) > 1_000_000)
            #expect(try #require(metrics["process_open_fds"]) > 5)
            #expect(try #require(metrics["process_cpu_seconds_total"]) > 0)
        }
    }

    @Test("uploads under way and connections are counted while they last")
    func underWay() async throws {
        try await TestBench.use { bench in
            let (registry, operation) = try await Self.start(on: bench)
            let location = try await registry.startUpload(in: "app")
            let upload = try RawConnection(to: registry.host)
            try upload.send("PATCH \(location) HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
            let counted = try await poll(within: .seconds(10)) {
                let metrics = try await registry.metrics(at: operation)
                return metrics["berthd_uploads_under_way"] == 1 && metrics["berthd_requests_under_way"] == 1
                    && metrics["berthd_received_bytes_total"] == 5 ? metrics : nil
            }
            #expect(try #require(counted?["berthd_connections"]) >= 1)
            upload.reset()
            let ended = try await poll(within: .seconds(10)) {
                let metrics = try await registry.metrics(at: operation)
                return metrics["berthd_uploads_under_way"] == 0 && metrics["berthd_requests_under_way"] == 0
                    ? metrics : nil
            }
            #expect(ended != nil)
        }
    }

    @Test("that the server is alive and ready is told on both listeners, and metrics on theirs alone")
    func health() async throws {
        try await TestBench.use { bench in
            let (registry, operation) = try await Self.start(on: bench)
            for base in [registry.url, operation] {
                #expect(try await registry.call(.GET, base + "/livez").status == 200)
                #expect(try await registry.call(.GET, base + "/readyz").status == 200)
            }
            #expect(try await registry.call(.GET, "/metrics").status == 404)
            #expect(try await registry.call(.GET, operation + "/v2/").status == 404)
        }
    }

    @Test("a server that is told to stop isn't ready from then on, while what is under way ends")
    func drainingIsNotReady() async throws {
        try await TestBench.use { bench in
            let (registry, operation) = try await Self.start(on: bench)
            let location = try await registry.startUpload(in: "app")
            let upload = try RawConnection(to: registry.host)
            try upload.send("PATCH \(location) HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
            try await registry.waitForUploads(1, at: operation)
            registry.process.send(signal: SIGTERM)
            let reason = try await poll(within: .seconds(5)) {
                let reply = try await registry.call(.GET, operation + "/readyz")
                return reply.status == 503 ? reply.text : nil
            }
            #expect(reason == "the server is stopping\n")
            #expect(try await registry.call(.GET, operation + "/livez").status == 200)
            try upload.send("67890")
            #expect(try upload.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 202"))
            #expect(try await registry.process.result(within: .seconds(20)).status == .exited(0))
        }
    }

    @Test(
        "a server whose disk takes no writes isn't ready until it does, and lives",
        .needs("mount", "dd", root: true)
    )
    func fullDisk() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            try await Command("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder.string).output()
            let (registry, operation) = try await Self.start(on: bench, folder: folder)
            #expect(try await registry.call(.GET, operation + "/readyz").status == 200)
            let filler = folder.appending("filler").string
            _ = try await Command("dd", "if=/dev/zero", "of=\(filler)", "bs=64k").run()
            let reason = try await poll(within: .seconds(10)) {
                let reply = try await registry.call(.GET, operation + "/readyz")
                return reply.status == 503 ? reply.text : nil
            }
            #expect(reason?.contains("No space left on device") == true, "\(reason ?? "ready")")
            #expect(try await registry.call(.GET, operation + "/livez").status == 200)

            try await Command("rm", filler).output()
            let isReady = try await poll(within: .seconds(10)) {
                try await registry.call(.GET, operation + "/readyz").status == 200 ? true : nil
            }
            #expect(isReady == true)
        }
    }

    private static func start(
        on bench: TestBench,
        folder: FilePath? = nil
    ) async throws -> (registry: RunningRegistry, operation: String) {
        let address = "127.0.0.1:\(try LoopbackPort.free())"
        let registry = try await Berthd.start(
            on: bench,
            folder: folder,
            environment: ["BERTHD_METRICS_LISTEN": address]
        )
        return (registry, "http://\(address)")
    }
}

extension RunningRegistry {
    /// Each sample by its name and labels. Every line must be one of the format's.
    func metrics(at base: String) async throws -> [String: Double] {
        let reply = try await call(.GET, base + "/metrics")
        #expect(reply.headers["content-type"].first?.hasPrefix("text/plain; version=0.0.4") == true)
        var samples: [String: Double] = [:]
        for line in reply.text.split(separator: "\n") where !line.hasPrefix("#") {
            let cut = try #require(line.lastIndex(of: " "))
            let value: Double = try #require(Double(line[line.index(after: cut)...]))
            samples[String(line[..<cut])] = value
        }
        return samples
    }

    func waitForUploads(_ count: Double, at base: String) async throws {
        let counted = try await poll(within: .seconds(10)) {
            try await metrics(at: base)["berthd_uploads_under_way"] == count ? true : nil
        }
        try #require(counted == true)
    }
}
