import Foundation
import Testing

@Suite("The end of a connection", .timeLimit(.minutes(2)))
struct ConnectionEndTests {
    @Test(
        "comes right behind the answer, and the answer says so",
        arguments: [
            "GET /v2/ HTTP/1.0\r\n\r\n",
            "GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: TE, Close\r\n\r\n",
            "GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n",
        ]
    )
    func close(request: String) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            // Far less than the idle timeout, which would end it too.
            let connection = try RawConnection(to: registry.host, patience: 5)
            try connection.send(request)
            let answer = String(decoding: try connection.readToEnd(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1."), "\(answer)")
            #expect(answer.contains(" 200 OK"))
            #expect(answer.lowercased().contains("connection: close"))
            #expect(answer.hasSuffix("{}"))
        }
    }

    @Test("does not come where the client asks for more, with HTTP/1.0 too")
    func keepAlive() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let connection = try RawConnection(to: registry.host, patience: 5)
            for _ in 0..<3 {
                try connection.send("GET /v2/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try connection.read(until: "{}").contains(" 200 OK"))
            }
        }
    }

    @Test("comes behind the answers to the requests that were sent before the last")
    func pipelined() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let connection = try RawConnection(to: registry.host, patience: 5)
            let request = "GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n"
            try connection.send(
                request + request + "GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + request
            )
            let answers = String(decoding: try connection.readToEnd(), as: UTF8.self)
            #expect(answers.components(separatedBy: " 200 OK").count == 4, "\(answers)")
            #expect(answers.lowercased().components(separatedBy: "connection: close").count == 2)
        }
    }

    @Test("a client that wants another protocol fills no memory with what it sends behind")
    func upgrade() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let connection = try RawConnection(to: registry.host, patience: 5)
            try connection.send("GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
            let before = try #require(registry.process.peakResidentMemory)
            let block = [UInt8](repeating: 0, count: 1 << 20)
            // Cut off, or not read: either is well.
            for _ in 0..<200 { guard (try? connection.send(block)) != nil else { break } }
            #expect(try #require(registry.process.peakResidentMemory) - before < 32 << 20)
            #expect(try await registry.call(.GET, "/v2/").status == 200)
        }
    }
}
