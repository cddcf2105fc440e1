import Foundation
import ImageSpec
import NIOHTTP1
import Testing

@Suite("Parts of blobs over HTTP")
struct RangeTests {
    private let bytes = pseudorandomBytes(100_000)

    private func withBlob(_ body: @Sendable (RunningRegistry, String) async throws -> Void) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let digest = try await registry.push(bytes, to: "app")
            try await body(registry, "/v2/app/blobs/\(digest)")
        }
    }

    @Test("several ranges come in one answer, each with its place")
    func several() async throws {
        try await withBlob { registry, path in
            // On one connection: what comes behind shows that the length was true.
            for _ in 0..<3 {
                let reply = try await registry.call(
                    .GET,
                    path,
                    headers: ["range": "bytes=0-9, 50000-69999,99999-,-5,200000-"]
                )
                #expect(reply.status == 206)
                #expect(reply.headers["content-length"] == ["\(reply.body.count)"])
                #expect(reply.headers["content-range"] == [])
                let parts = try parts(of: reply)
                #expect(parts.map(\.place) == ["0-9", "50000-69999", "99999-99999", "99995-99999"])
                for (part, range) in zip(parts, [0..<10, 50_000..<70_000, 99_999..<100_000, 99_995..<100_000]) {
                    #expect(part.bytes.elementsEqual(bytes[range]))
                }
            }
        }
    }

    @Test(
        "ranges that touch are one; too many, or such as want more than the blob, give the whole",
        arguments: [
            ("bytes=0-9,10-19", 206), ("bytes=0-9,5-19", 206), ("bytes=0-,0-,0-", 206),
            ("bytes=50-,0-", 200), ("bytes=0-9,x", 200),
            ("bytes=" + Array(repeating: "0-1", count: 101).joined(separator: ","), 200),
            ("bytes=200000-,300000-", 416), ("bytes=9-1", 416),
        ]
    )
    func edges(header: String, status: Int) async throws {
        try await withBlob { registry, path in
            let reply = try await registry.call(.GET, path, headers: ["range": header])
            #expect(reply.status == status)
            switch status {
            case 200: #expect(reply.body.elementsEqual(bytes))
            case 206:
                let count = header.contains("19") ? 20 : bytes.count
                #expect(reply.headers["content-range"] == ["bytes 0-\(count - 1)/100000"])
                #expect(reply.body.elementsEqual(bytes[..<count]))
            default: #expect(reply.headers["content-range"] == ["bytes */100000"])
            }
        }
    }

    @Test("a range of what the client doesn't have a part of gives the whole; HEAD knows no ranges")
    func ifRange() async throws {
        try await withBlob { registry, path in
            let range = ("range", "bytes=10-19")
            let digest = Digest.of(bytes)
            let same = try await registry.call(
                .GET,
                path,
                headers: HTTPHeaders([range, ("if-range", "\"\(digest)\"")])
            )
            #expect(same.status == 206)
            #expect(same.body.elementsEqual(bytes[10..<20]))
            for other in ["\"other\"", "W/\"\(digest)\"", "Wed, 21 Oct 2015 07:28:00 GMT"] {
                let whole = try await registry.call(.GET, path, headers: HTTPHeaders([range, ("if-range", other)]))
                #expect(whole.status == 200)
                #expect(whole.body.elementsEqual(bytes))
            }
            let head = try await registry.call(.HEAD, path, headers: HTTPHeaders([range]))
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == ["\(bytes.count)"])
        }
    }

    private struct Part {
        let place: String
        let bytes: [UInt8]
    }

    private func parts(of reply: Reply) throws -> [Part] {
        let type = try #require(reply.headers["content-type"].first)
        let prefix = "multipart/byteranges; boundary="
        #expect(type.hasPrefix(prefix))
        let boundary = Data("\r\n--\(type.dropFirst(prefix.count))".utf8)
        var parts: [Part] = []
        var rest = Data(reply.body)[...]
        #expect(rest.starts(with: boundary))
        while let next = rest.range(of: boundary), !rest[next.upperBound...].starts(with: Data("--\r\n".utf8)) {
            rest = rest[next.upperBound...]
            let headEnd = try #require(rest.range(of: Data("\r\n\r\n".utf8)))
            let head = String(decoding: rest[..<headEnd.lowerBound], as: UTF8.self)
            let place = try #require(head.firstMatch(of: /Content-Range: bytes ([0-9-]+)\/100000/)).output.1
            let end = try #require(rest.range(of: boundary)).lowerBound
            parts.append(Part(place: String(place), bytes: Array(rest[headEnd.upperBound..<end])))
        }
        return parts
    }
}
