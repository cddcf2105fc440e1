import Foundation
import Glibc
import ImageSpec
import NIOHTTP1
import SystemPackage
import Testing

@Suite("The server's log", .timeLimit(.minutes(5)))
struct LogTests {
    @Test("each request has one line at its end, with what it was and what came of it")
    func accessLine() async throws {
        let bytes = pseudorandomBytes(3_000_000)
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: ["BERTHD_LOG_FORMAT": "json"])
            let digest = try await registry.push(bytes, to: "team/app")
            let agent: HTTPHeaders = ["user-agent": "tester \"1\"", "x-request-id": "from-client.1"]
            let reply = try await registry.call(.GET, "/v2/team/app/blobs/\(digest)", headers: agent)
            #expect(reply.headers["x-request-id"] == ["from-client.1"])

            let line = try await registry.accessLine { $0["request_id"] as? String == "from-client.1" }
            #expect(line["level"] as? String == "info")
            #expect(line["client"] as? String == "127.0.0.1")
            #expect(line["method"] as? String == "GET")
            #expect(line["route"] as? String == "blob")
            #expect(line["repository"] as? String == "team/app")
            #expect(line["reference"] as? String == digest.description)
            #expect(line["status"] as? Int == 200)
            #expect(line["bytes_sent"] as? Int == 3_000_000)
            #expect(line["bytes_received"] as? Int == 0)
            #expect(line["user_agent"] as? String == "tester \"1\"")
            #expect(line["milliseconds"] is Double)
            let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            let time = try format.parse(try #require(line["time"] as? String))
            #expect(abs(time.timeIntervalSinceNow) < 60)
            #expect(line["cut"] == nil)

            let upload = try await registry.accessLine { $0["method"] as? String == "PUT" }
            #expect(upload["route"] as? String == "upload")
            #expect(upload["bytes_received"] as? Int == 3_000_000)
            #expect(upload["status"] as? Int == 201)
            #expect((upload["request_id"] as? String)?.count == 13)
        }
    }

    @Test("a line tells what the request was for")
    func routes() async throws {
        let expected: [(path: String, route: String, repository: String?, reference: String?)] = [
            ("/v2/", "version", nil, nil), ("/v2?a=/b", "version", nil, nil), ("/v2/_catalog?n=1", "catalog", nil, nil),
            ("/v2/a/manifests/1.0", "manifest", "a", "1.0"),
            ("/v2/a/blobs/manifests/x/manifests/latest?y", "manifest", "a/blobs/manifests/x", "latest"),
            ("/v2/a/b/blobs/sha256:1", "blob", "a/b", "sha256:1"), ("/v2/a/blobs/uploads/", "uploads", "a", nil),
            ("/v2/a/blobs/uploads", "uploads", "a", nil), ("/v2/a/blobs/uploads/12", "upload", "a", "12"),
            ("/v2/a/tags/list?last=b", "tags", "a", nil), ("/v2/a/referrers/sha256:1", "referrers", "a", "sha256:1"),
            ("/readyz", "health", nil, nil), ("/", "other", nil, nil), ("/v2/a", "other", nil, nil),
            ("/v2x/a/manifests/b", "other", nil, nil),
        ]
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: ["BERTHD_LOG_FORMAT": "json"])
            for (path, route, repository, reference) in expected {
                _ = try await registry.call(.GET, path)
                let line = try await registry.accessLine { $0["path"] as? String == path }
                #expect(line["route"] as? String == route, "\(path)")
                #expect(line["repository"] as? String == repository, "\(path)")
                #expect(line["reference"] as? String == reference, "\(path)")
            }
        }
    }

    @Test("a request whose head can't be read has a line too")
    func unreadable() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: ["BERTHD_LOG_FORMAT": "json"])
            let connection = try RawConnection(to: registry.host)
            try connection.send("GET /v2/ HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n")
            #expect(String(decoding: try connection.readToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 400"))
            let line = try await registry.accessLine { $0["status"] as? Int == 400 }
            #expect(line["method"] as? String == "-")
            #expect(line["route"] as? String == "other")
        }
    }

    @Test("an id that could deceive a reader of the log is replaced")
    func hostileRequestID() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            for id in ["a b", "a\"b", String(repeating: "a", count: 65), "ü"] {
                let reply = try await registry.call(.GET, "/v2/", headers: ["x-request-id": id])
                #expect(reply.headers["x-request-id"].first?.count == 13)
            }
        }
    }

    @Test("a download that the client leaves is logged as cut, with fewer bytes than it has")
    func cutDownload() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: ["BERTHD_LOG_FORMAT": "json"])
            let digest = try await registry.push(pseudorandomBytes(40_000_000), to: "app")
            try Self.beginDownload("/v2/app/blobs/\(digest)", from: registry)
            let line = try await registry.accessLine { $0["method"] as? String == "GET" }
            #expect(line["cut"] != nil)
            #expect(line["status"] as? Int == 200)
            #expect(try #require(line["bytes_sent"] as? Int) < 40_000_000)
        }
    }

    /// Reads the head of an answer and leaves.
    private static func beginDownload(_ path: String, from registry: RunningRegistry) throws {
        let connection = try RawConnection(to: registry.host)
        try connection.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try connection.read(until: "\r\n\r\n")
        connection.reset()
    }

    @Test("requests sent one behind the other have a line each, with their own bytes")
    func pipelined() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: ["BERTHD_LOG_FORMAT": "json"])
            let sizes = [10_000, 20_000, 30_000]
            var requests = ""
            for size in sizes {
                let digest = try await registry.push(pseudorandomBytes(size), to: "app")
                requests += "GET /v2/app/blobs/\(digest) HTTP/1.1\r\nHost: x\r\n\r\n"
            }
            let connection = try RawConnection(to: registry.host)
            try connection.send(requests + "GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            _ = try connection.readToEnd()
            for size in sizes { _ = try await registry.accessLine { $0["bytes_sent"] as? Int == size } }
        }
    }

    @Test("nothing is lost when the server is told to stop")
    func completeAtTheEnd() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            for number in 0..<200 { _ = try await registry.call(.GET, "/v2/a/tags/list?n=\(number)") }
            registry.process.send(signal: SIGTERM)
            let result = try await registry.process.result(within: .seconds(20))
            #expect(result.status == .exited(0))
            let log = result.errorText
            let lost = (0..<200).filter { !log.contains("list?n=\($0) ") }
            #expect(lost == [])
        }
    }

    @Test("who reads the log and stops holds nothing up: lines are dropped, and counted")
    func stalledReader() async throws {
        try await TestBench.use { bench in
            let pipe = bench.folder.appending("log")
            try #require(mkfifo(pipe.string, 0o600) == 0)
            let reader = try FileDescriptor.open(pipe, .readOnly, options: .nonBlocking)
            defer { try? reader.close() }
            let folder = try bench.makeFolder("data")
            let script = "exec '\(BuiltProgram.berthd.path)' serve --listen 127.0.0.1:0 --data '\(folder)' 2> '\(pipe)'"
            let process = try bench.start(Command("bash", "-c", script))
            let address = try await process.line(after: "berthd listens on http://")
            let registry = RunningRegistry(host: try RegistryHost(address), process: process)

            let long = String(repeating: "x", count: 12_000)
            for _ in 0..<500 { _ = try await registry.call(.GET, "/v2/?\(long)") }
            #expect(try await registry.call(.GET, "/v2/").status == 200)

            let reading = Task.detached {
                var text = ""
                while !Task.isCancelled {
                    var buffer = [UInt8](repeating: 0, count: 65536)
                    let count = read(reader.rawValue, &buffer, buffer.count)
                    if count > 0 { text += String(decoding: buffer[..<count], as: UTF8.self) }
                    if count == 0 { break }
                    if count < 0 { try await Task.sleep(for: .milliseconds(5)) }
                }
                return text
            }
            // Read again, it is written again; and then the server ends in order.
            try await Task.sleep(for: .milliseconds(500))
            _ = try await registry.call(.GET, "/v2/?after")
            process.send(signal: SIGTERM)
            #expect(try await process.result(within: .seconds(20)).status == .exited(0))
            let log = try await reading.value
            #expect(log.contains("/v2/?after"))
            let note = log.split(separator: "\n").first { $0.contains("lines of the log were dropped") }
            let dropped = note?.components(separatedBy: "lines=").last.flatMap { Int($0) }
            let requests = log.split(separator: "\n").filter { $0.contains("path=/v2/") }.count
            #expect(try #require(dropped) > 0)
            #expect(try #require(dropped) + requests == 502)
        }
    }

    @Test("the access log can be turned off")
    func withoutAccessLog() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: ["BERTHD_ACCESS_LOG": "false"])
            _ = try await registry.call(.GET, "/v2/")
            registry.process.send(signal: SIGTERM)
            let result = try await registry.process.result(within: .seconds(20))
            #expect(result.errorText.split(separator: "\n").filter { $0.contains("/v2/") } == [])
        }
    }
}

extension RunningRegistry {
    /// The objects that the log has, one a line; the log's format is JSON.
    var logLines: [[String: Any]] {
        get throws {
            try process.errorSoFar.split(separator: UInt8(ascii: "\n")).map {
                try #require(JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
            }
        }
    }

    /// Waits for a line of a request.
    func accessLine(where isAwaited: @Sendable ([String: Any]) -> Bool) async throws -> [String: Any] {
        try await process.wait(for: "log a request", within: .seconds(10)) {
            try self.logLines.contains { $0["message"] as? String == "request" && isAwaited($0) } ? true : nil
        }
        return try #require(try logLines.last { $0["message"] as? String == "request" && isAwaited($0) })
    }
}
