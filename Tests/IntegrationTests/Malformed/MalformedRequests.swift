import ImageSpec
import TestSupport

/// Makes requests of which something is wrong, the same for the same seed.
struct MalformedRequests: Sendable {
    private static let manifestType = "Content-Type: application/vnd.oci.image.manifest.v1+json"

    private var generator: SeededGenerator
    private let makers: [@Sendable (inout SeededGenerator) -> MalformedRequest]

    /// - Parameter upload: the path of an upload session.
    init(seed: UInt64, upload: String) {
        generator = SeededGenerator(seed: seed)
        makers = [
            Self.requestLine, Self.header, Self.header, Self.framing, Self.framing, Self.path, Self.path,
            Self.manifest, Self.manifest, Self.manifest, Self.query, Self.noise,
            { Self.range(of: upload, &$0) }, { Self.body(to: upload, &$0) },
        ]
    }

    mutating func next() -> MalformedRequest {
        let maker = makers[Int.random(in: 0..<makers.count, using: &generator)]
        return maker(&generator)
    }
}

extension MalformedRequests {
    private static func pick<Value>(_ values: [Value], _ generator: inout SeededGenerator) -> Value {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }

    private static func requestLine(_ generator: inout SeededGenerator) -> MalformedRequest {
        let line = pick(
            [
                "GET", "GET /v2/", "GET /v2/ HTTP/9.9", "GET /v2/ HTTP/1.1 HTTP/1.1", "get /v2/ HTTP/1.1",
                " /v2/ HTTP/1.1",
                "GET  /v2/  HTTP/1.1", "GET\t/v2/\tHTTP/1.1", "OPTIONS * HTTP/1.1", "CONNECT x:1 HTTP/1.1",
                "GET http://other/v2/ HTTP/1.1", "GET //v2/ HTTP/1.1", "PRI * HTTP/2.0", "GET /v2/\0 HTTP/1.1",
                String(repeating: "G", count: 100_000) + " /v2/ HTTP/1.1",
                "GET /v2/" + String(repeating: "a", count: 200_000) + " HTTP/1.1",
                "GET /v2/?" + String(repeating: "a=b&", count: 20_000) + " HTTP/1.1",
                "BREW /v2/app/manifests/v1 HTTP/1.1", "TRACE /v2/ HTTP/1.1", "GET /v2/é HTTP/1.1", "",
            ],
            &generator
        )
        return MalformedRequest("request line \(line.prefix(60))", "\(line)\r\nHost: x\r\n\r\n")
    }

    private static func header(_ generator: inout SeededGenerator) -> MalformedRequest {
        let header = pick(
            [
                "X: " + String(repeating: "a", count: 300_000), String(repeating: "X: a\r\n", count: 20_000) + "X: a",
                String(repeating: "X", count: 100_000) + ": a", "X: a\0b", "X: a\r\n folded", "X : a", ": a",
                "no colon",
                "Host: y", "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: -1", "Content-Length: 99999999999999999999999", "Content-Length: 0x10",
                "Content-Length: ",
                "Content-Length: 1,1", "Content-Length: 9223372036854775807", "Transfer-Encoding: gzip",
                "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: xchunked", "Transfer-Encoding:\u{0B}chunked",
                "Expect: 200-maybe", "Expect: 100-continue", "Connection: upgrade\r\nUpgrade: h2c", "Accept: \u{7F}",
                "Accept: " + String(repeating: "a/b,", count: 5_000),
                "Content-Type: " + String(repeating: "/", count: 5_000),
                "Range: bytes=" + String(repeating: "0-1,", count: 2_000), "X:\ra", "X: \u{FF}é",
            ],
            &generator
        )
        let request = pick(
            ["GET /v2/", "PUT /v2/app/manifests/v1", "POST /v2/app/blobs/uploads/", "GET /v2/app/manifests/v1"],
            &generator
        )
        return MalformedRequest(
            "header \(header.prefix(60)) of \(request)",
            "\(request) HTTP/1.1\r\nHost: x\r\n\(header)\r\n\r\n12345"
        )
    }

    private static func framing(_ generator: inout SeededGenerator) -> MalformedRequest {
        let chunks = pick(
            [
                "5\r\nhello\r\n0\r\n\r\n", "5\r\nhel", "FFFFFFFFFFFFFFFFFF\r\nx", "-1\r\nx\r\n0\r\n\r\n",
                "5\nhello\n0\n\n",
                "zz\r\nhello\r\n", "5;" + String(repeating: "e", count: 200_000) + "\r\nhello\r\n0\r\n\r\n",
                "5\r\nhelloX0\r\n\r\n",
                "0\r\n" + String(repeating: "T: a\r\n", count: 20_000) + "\r\n", "0\r\nno colon\r\n\r\n", "\r\n\r\n",
                "7FFFFFFFFFFFFFFF\r\nabc", "00000000000000000000000000005\r\nhello\r\n0\r\n\r\n",
                "0\r\n\r\nGET /v2/ HTTP/1.1\r\n\r\n",
            ],
            &generator
        )
        let request = pick(
            ["PUT /v2/app/manifests/v1", "POST /v2/app/blobs/uploads/?digest=\(Digest.of([]))", "GET /v2/"],
            &generator
        )
        return MalformedRequest(
            "chunks \(chunks.prefix(40)) of \(request)",
            "\(request) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\(manifestType)\r\n\r\n\(chunks)"
        )
    }

    private static func path(_ generator: inout SeededGenerator) -> MalformedRequest {
        let segments = [
            "..", ".", "%2e%2e", "%2E%2e%2f", "%2f", "%00", "%", "%zz", "%c0%af", "%ff", "%f8%80%80%80", "\\", "app",
            "blobs",
            "manifests", "uploads", "tags", "list", "referrers", "_catalog", "sha256:",
            "sha256:\(String(repeating: "0", count: 64))",
            "sha256:\(String(repeating: "0", count: 63))", "latest", "", ";", "a;b", "%20", "é", "%C3%A9", "'", "\"",
            "<script>",
            String(repeating: "a", count: 300), "00000000-0000-0000-0000-000000000000",
        ]
        let length = Int.random(in: 1...7, using: &generator)
        let path = "/v2/" + (0..<length).map { _ in pick(segments, &generator) }.joined(separator: "/")
        let method = pick(["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"], &generator)
        return MalformedRequest("path", method, path, body: method == "GET" ? nil : [])
    }

    private static func query(_ generator: inout SeededGenerator) -> MalformedRequest {
        let value = pick(
            [
                "", "-1", "0", "99999999999999999999999", "1e9", "%00", "%", "%ff%fe", "é", "sha256:0", "sha999:00",
                "a&a=b", "=",
                String(repeating: "9", count: 5_000), "..%2f..%2fetc%2fpasswd", "'; DROP TABLE tags; --",
            ],
            &generator
        )
        let path = pick(
            [
                "/v2/app/tags/list?n=", "/v2/app/tags/list?last=", "/v2/_catalog?n=", "/v2/_catalog?last=",
                "/v2/app/referrers/\(Digest.of([]))?artifactType=", "/v2/app/referrers/\(Digest.of([]))?last=",
            ],
            &generator
        )
        let push = pick(
            [
                "/v2/app/blobs/uploads/?mount=", "/v2/app/blobs/uploads/?digest=",
                "/v2/app/blobs/uploads/?digest-algorithm=",
                "/v2/app/blobs/uploads/?mount=\(Digest.of([]))&from=",
            ],
            &generator
        )
        return generator.happens(1, outOf: 2)
            ? MalformedRequest("query", "GET", path + value) : MalformedRequest("query", "POST", push + value, body: [])
    }

    private static func manifest(_ generator: inout SeededGenerator) -> MalformedRequest {
        let depth = pick([200, 511, 513, 5_000, 100_000], &generator)
        let (open, close) = pick([("[", "]"), ("{\"a\":", "}")], &generator)
        let deep = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        let number = pick(
            ["1e999999", "-1", "1.5", "99999999999999999999999999", "NaN", "0x1", "\"2\"", "null"],
            &generator
        )
        let zeros = String(repeating: "0", count: 64)
        let descriptor = "{\"mediaType\":\"a/b\",\"digest\":\"sha256:\(zeros)\",\"size\":\(number)}"
        let text = pick(
            [
                deep, "{\"schemaVersion\":2,\"config\":\(deep)}",
                "{\"schemaVersion\":2,\"annotations\":\(deep),\"layers\":[]}",
                "{\"schemaVersion\":2,\"unknown\":\(deep),\"config\":\(descriptor),\"layers\":[]}",
                String(deep.prefix(depth)),
                "{\"schemaVersion\":\(number),\"config\":{},\"layers\":[]}",
                "{\"schemaVersion\":2,\"config\":\(descriptor),\"layers\":[]}",
                "{\"schemaVersion\":2,\"config\":{},\"config\":[],\"layers\":1,\"layers\":{}}",
                "{\"a\u{0}b\":\"\u{0}\"}", "\u{FEFF}{}",
                "{\"schemaVersion\":2,\"layers\":[" + String(repeating: "\(descriptor),", count: 20_000)
                    + "\(descriptor)]}",
                "{\"schemaVersion\":2,\"mediaType\":\"" + String(repeating: "a", count: 1_000_000) + "\"}", "", "null",
                "[]", "\"\"", "{",
                "{\"schemaVersion\":2,\"manifests\":[],\"subject\":\(descriptor)}", "{\"\\ud800\":1}",
                String(repeating: " ", count: 5_000_000),
                "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"\",\"digest\":\"\",\"size\":0},\"layers\":[{}]}",
            ],
            &generator
        )
        var bytes = Array(text.utf8)
        if generator.happens(1, outOf: 5), !bytes.isEmpty {
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
        }
        let type = pick(
            [
                manifestType, manifestType, "Content-Type: application/vnd.oci.image.index.v1+json",
                "Content-Type: text/html", "X: y",
            ],
            &generator
        )
        return MalformedRequest(
            "manifest \(text.prefix(50))",
            "PUT",
            "/v2/app/manifests/v1",
            headers: [type],
            body: bytes
        )
    }

    private static func range(of upload: String, _ generator: inout SeededGenerator) -> MalformedRequest {
        let value = pick(
            [
                "", "-", "0-", "-5", "5-0", "a-b", "0-99999999999999999999", "9223372036854775806-9223372036854775807",
                "bytes 0-4/5",
                "bytes=0-", "bytes=-0", "bytes=5-1", "bytes=0-0,2-2", "bytes=99999999999999999999-",
                "bytes=-99999999999999999999",
                "lines=1-2", "0-4-8", "bytes=0-\0", "bytes=" + String(repeating: "1", count: 4_000) + "-",
                "1000000-1000004",
            ],
            &generator
        )
        return generator.happens(1, outOf: 2)
            ? MalformedRequest(
                "range",
                "PATCH",
                upload,
                headers: ["Content-Range: \(value)"],
                body: Array("12345".utf8)
            )
            : MalformedRequest(
                "range",
                "GET",
                "/v2/app/blobs/\(Digest.of(Array("blob".utf8)))",
                headers: ["Range: \(value)"]
            )
    }

    private static func body(to upload: String, _ generator: inout SeededGenerator) -> MalformedRequest {
        let stated = pick([0, 1, 4, 6, 100, 1_000_000_000], &generator)
        let request = pick(
            [
                "PATCH \(upload)", "PUT \(upload)?digest=\(Digest.of([1]))", "PUT \(upload)",
                "PUT /v2/app/manifests/v1",
                "POST /v2/app/blobs/uploads/?digest=\(Digest.of([1]))", "GET /v2/", "DELETE /v2/app/manifests/none",
            ],
            &generator
        )
        return MalformedRequest(
            "a body of 5 bytes said to have \(stated): \(request)",
            "\(request) HTTP/1.1\r\nHost: x\r\nContent-Length: \(stated)\r\n\(manifestType)\r\n\r\n12345"
        )
    }

    private static func noise(_ generator: inout SeededGenerator) -> MalformedRequest {
        let start = pick(["", "GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n", "\u{16}\u{3}\u{1}", "\r\n\r\n\r\n"], &generator)
        let count = Int.random(in: 1...3_000, using: &generator)
        let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return MalformedRequest("noise behind '\(start.prefix(10))'", Array(start.utf8) + noise)
    }
}
