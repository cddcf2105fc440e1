import NIOHTTP1
import Testing

@Suite("Bounds of requests over HTTP")
struct RequestBoundTests {
    @Test("an address that is too long is refused as such, and the connection goes on")
    func address() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let reply = try await registry.call(.GET, "/v2/?" + String(repeating: "a", count: 20_000))
            #expect(reply.status == 414)
            #expect(reply.errorCodes == ["UNSUPPORTED"])
            #expect(reply.errors.first?.detail?.isEmpty == false)
            #expect(try await registry.call(.GET, "/v2/?" + String(repeating: "a", count: 10_000)).status == 200)
        }
    }

    @Test("headers that are too long, one or all together, are refused as such")
    func headers() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let many = (0..<100).map { "X\($0): \(String(repeating: "a", count: 1000))\r\n" }.joined()
            for headers in ["X: \(String(repeating: "a", count: 100_000))\r\n", many] {
                let connection = try RawConnection(to: registry.host)
                try connection.send("GET /v2/ HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
                let reply = String(decoding: try connection.readToEnd(), as: UTF8.self)
                #expect(reply.hasPrefix("HTTP/1.1 431 "))
                #expect(reply.contains(#""code":"UNSUPPORTED""#))
                #expect(reply.components(separatedBy: "HTTP/1.1").count == 2)
            }
            // Not counted from one request of a connection to the next.
            let long = String(repeating: "a", count: 30_000)
            for _ in 0..<5 { #expect(try await registry.call(.GET, "/v2/", headers: ["x": long]).status == 200) }
        }
    }
}
