import ImageSpec
import Testing

@Suite("The server's limits", .timeLimit(.minutes(5)))
struct LimitTests {
    private static let version = "GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test(
        "connections past a limit are answered and closed, and have their turn when others go",
        arguments: [
            ("BERTHD_MAX_CONNECTIONS", "503", "UNAVAILABLE"),
            ("BERTHD_MAX_CONNECTIONS_PER_ADDRESS", "429", "TOOMANYREQUESTS"),
        ]
    )
    func connections(variable: String, status: String, code: String) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: [variable: "3"])
            var open = try (0..<3).map { _ in try RawConnection(to: registry.host) }
            for connection in open { try connection.send(Self.version) }
            for connection in open { #expect(try connection.read(until: "{}").hasPrefix("HTTP/1.1 200")) }
            let refused = try RawConnection(to: registry.host)
            try refused.send(Self.version)
            let answer = String(decoding: try refused.readToEnd(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer)")
            #expect(answer.contains("Retry-After: 5"))
            #expect(answer.contains(#""code":"\#(code)""#))

            open.removeAll()
            let answered = try await poll(within: .seconds(10)) {
                let next = try RawConnection(to: registry.host)
                try next.send(Self.version)
                return try next.read(until: "}").hasPrefix("HTTP/1.1 200") ? true : nil
            }
            #expect(answered == true)
        }
    }

    @Test("a flood of connections is closed, and the server goes on")
    func flood() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: ["BERTHD_MAX_CONNECTIONS": "10"])
            let first = try RawConnection(to: registry.host)
            try first.send(Self.version)
            _ = try first.read(until: "{}")
            for _ in 0..<10 {
                let crowd = try (0..<100).map { _ in try RawConnection(to: registry.host) }
                withExtendedLifetime(crowd) {}
            }
            try first.send(Self.version)
            #expect(try first.read(until: "{}").hasPrefix("HTTP/1.1 200"))
            #expect(registry.process.status == nil)
        }
    }

    @Test("requests past the limit are answered with 503, and that the server is well is told all the same")
    func requests() async throws {
        try await TestBench.use { bench in
            let operation = "127.0.0.1:\(try LoopbackPort.free())"
            let environment = ["BERTHD_MAX_REQUESTS": "1", "BERTHD_METRICS_LISTEN": operation]
            let registry = try await Berthd.start(on: bench, environment: environment)
            let location = try await registry.startUpload(in: "app")
            let upload = try RawConnection(to: registry.host)
            try upload.send("PATCH \(location) HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
            try await registry.waitForUploads(1, at: "http://\(operation)")
            let reply = try await registry.call(.GET, "/v2/")
            #expect(reply.status == 503)
            #expect(reply.headers["retry-after"] == ["1"])
            #expect(reply.errorCodes == ["UNAVAILABLE"])
            #expect(reply.headers["x-request-id"].count == 1)
            #expect(try await registry.call(.GET, "/readyz").status == 200)
            let behindHealth = try RawConnection(to: registry.host)
            try behindHealth.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n\(Self.version)")
            let answers = String(decoding: try behindHealth.readToEnd(), as: UTF8.self)
            #expect(!answers.contains("{}"), "a request behind one that is always answered counts all the same")

            try upload.send("67890")
            #expect(try upload.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 202"))
            #expect(try await registry.call(.GET, "/v2/").status == 200)
        }
    }

    @Test("uploads past the limit are answered with 503, and go on later")
    func uploads() async throws {
        try await TestBench.use { bench in
            let operation = "127.0.0.1:\(try LoopbackPort.free())"
            let environment = ["BERTHD_MAX_UPLOADS": "1", "BERTHD_METRICS_LISTEN": operation]
            let registry = try await Berthd.start(on: bench, environment: environment)
            let (first, second) = (try await registry.startUpload(in: "a"), try await registry.startUpload(in: "b"))
            let upload = try RawConnection(to: registry.host)
            try upload.send("PATCH \(first) HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
            try await registry.waitForUploads(1, at: "http://\(operation)")
            let reply = try await registry.call(.PATCH, second, body: [1])
            #expect(reply.status == 503)
            #expect(reply.headers["retry-after"] == ["5"])
            #expect(reply.errorCodes == ["UNAVAILABLE"])
            try upload.send("67890")
            #expect(try upload.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 202"))
            #expect(try await registry.call(.PATCH, second, body: [1]).status == 202)
        }
    }

    @Test("a connection that sends no whole head is closed")
    func slowHead() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: ["BERTHD_HEADER_TIMEOUT": "300ms"])
            let silent = try RawConnection(to: registry.host)
            let halting = try RawConnection(to: registry.host)
            try halting.send("GET /v2/ HTTP/1.1\r\nHo")
            let start = ContinuousClock.now
            #expect(try silent.readToEnd().isEmpty)
            #expect(try halting.readToEnd().isEmpty)
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test("an idle connection is closed")
    func idle() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: ["BERTHD_IDLE_TIMEOUT": "300ms"])
            let connection = try RawConnection(to: registry.host)
            try connection.send(Self.version)
            let start = ContinuousClock.now
            #expect(String(decoding: try connection.readToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 200"))
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test("an upload that stops is answered with 408, and what came of it is kept")
    func slowUpload() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: ["BERTHD_SLOW_TIMEOUT": "500ms"])
            let location = try await registry.startUpload(in: "app")
            let upload = try RawConnection(to: registry.host)
            try upload.send("PATCH \(location) HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n12345")
            let answer = String(decoding: try upload.readToEnd(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 408"), "\(answer)")
            #expect(answer.contains("more slowly than the 1024 bytes a second"))
            #expect(try await registry.call(.GET, location).headers["range"] == ["0-4"])
        }
    }

    @Test("what passed between two requests of a connection is not held against the second")
    func idleBefore() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: ["BERTHD_SLOW_TIMEOUT": "2s"])
            let location = try await registry.startUpload(in: "app")
            let upload = try RawConnection(to: registry.host)
            try upload.send(Self.version)
            _ = try upload.read(until: "{}")
            try await Task.sleep(for: .seconds(3))
            try upload.send("PATCH \(location) HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
            try await Task.sleep(for: .milliseconds(700))
            try upload.send("12345")
            #expect(try upload.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 202"))
        }
    }

    @Test("an upload that is slow, but not too slow, goes through")
    func steadyUpload() async throws {
        try await TestBench.use { bench in
            let environment = ["BERTHD_SLOW_TIMEOUT": "1s", "BERTHD_MINIMUM_RATE": "1KiB"]
            let registry = try await Berthd.start(on: bench, environment: environment)
            let location = try await registry.startUpload(in: "app")
            let upload = try RawConnection(to: registry.host)
            try upload.send("PATCH \(location) HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n")
            for _ in 0..<10 {
                try await Task.sleep(for: .milliseconds(250))
                try upload.send([UInt8](repeating: 1, count: 1000))
            }
            #expect(try upload.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 202"))
        }
    }

    @Test("a reader that stops is cut off, and one that is slow, but not too slow, gets all")
    func slowReader() async throws {
        let bytes = pseudorandomBytes(24_000_000)
        try await TestBench.use { bench in
            let environment = [
                "BERTHD_SLOW_TIMEOUT": "1s", "BERTHD_MINIMUM_RATE": "100KiB", "BERTHD_LOG_FORMAT": "json",
            ]
            let registry = try await Berthd.start(on: bench, environment: environment)
            let digest = try await registry.push(bytes, to: "app")
            let request = "GET /v2/app/blobs/\(digest) HTTP/1.1\r\nHost: x\r\nX-Request-Id: "
            let stopped = try RawConnection(to: registry.host)
            try stopped.send("\(request)stopped\r\n\r\n")
            let line = try await registry.accessLine { $0["request_id"] as? String == "stopped" }
            #expect(line["cut"] != nil)

            let slow = try RawConnection(to: registry.host)
            try slow.send("\(request)slow\r\nConnection: close\r\n\r\n")
            var received = 0
            while let more = try slow.read(), !more.isEmpty {
                received += more.count
                if received < 4_000_000 { try await Task.sleep(for: .milliseconds(50)) }
            }
            #expect(received > bytes.count)
        }
    }

    @Test("when it has no more files to open, the server waits, and goes on when there are", .needs("prlimit"))
    func openFiles() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            _ = try await registry.call(.GET, "/v2/")
            let process = "\(registry.process.processID)"
            try await Command("prlimit", "--pid", process, "--nofile=60:").output()
            let crowd = try (0..<80).map { _ in try RawConnection(to: registry.host) }
            try await Task.sleep(for: .seconds(1))
            #expect(registry.process.status == nil)
            withExtendedLifetime(crowd) {}
            try await Command("prlimit", "--pid", process, "--nofile=900:").output()
            let connection = try RawConnection(to: registry.host)
            try connection.send(Self.version)
            #expect(try connection.read(until: "{}").hasPrefix("HTTP/1.1 200"))
        }
    }
}
