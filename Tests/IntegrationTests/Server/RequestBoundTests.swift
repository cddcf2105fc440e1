import ImageSpec
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

    @Test("bounds and asked chunks are as configured")
    func configured() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(
                on: bench,
                environment: [
                    "BERTHD_MAX_URI_LENGTH": "2KiB", "BERTHD_MAX_HEADER_SIZE": "8KiB", "BERTHD_MAX_BLOB_SIZE": "1MiB",
                    "BERTHD_MAX_NAME_LENGTH": "10", "BERTHD_CHUNK_MIN_LENGTH": "64KiB",
                    "BERTHD_SPARSE_MANIFESTS": "indexes",
                ]
            )
            #expect(try await registry.call(.GET, "/v2/?" + String(repeating: "a", count: 3000)).status == 414)
            let connection = try RawConnection(to: registry.host)
            try connection.send("GET /v2/ HTTP/1.1\r\nX: \(String(repeating: "a", count: 9000))\r\n\r\n")
            #expect(try connection.read(until: "\r\n").hasPrefix("HTTP/1.1 431 "))
            let start = try await registry.call(.POST, "/v2/app/blobs/uploads/")
            #expect(start.headers["oci-chunk-min-length"] == ["65536"])
            #expect(try await registry.call(.POST, "/v2/eleven-long/blobs/uploads/").errorCodes == ["NAME_INVALID"])
            let session = try #require(start.headers["location"].first)
            let bytes = pseudorandomBytes((1 << 20) + 1)
            let large = try await registry.call(.PUT, "\(session)?digest=\(Digest.of(bytes))", body: bytes)
            #expect(large.status == 413)
            #expect(large.errorCodes == ["SIZE_INVALID"])
            // Shorter than was asked for, and not the last: taken all the same.
            let other = try await registry.startUpload(in: "app")
            #expect(try await registry.call(.PATCH, other, headers: ["content-range": "0-0"], body: [1]).status == 202)
            #expect(try await registry.call(.PATCH, other, headers: ["content-range": "1-1"], body: [2]).status == 202)
            #expect(try await registry.call(.PUT, "\(other)?digest=\(Digest.of([1, 2]))").status == 201)

            let absent = Descriptor(mediaType: .ociManifest, content: [1])
            let index = try Manifest(parsing: canonicalJSON(ImageIndex(manifests: [absent])))
            #expect(try await registry.put(index, to: "app", at: "sparse").status == 201)
            #expect(try await registry.call(.GET, "/v2/app/manifests/sparse").body.elementsEqual(index.bytes))
            #expect(try await registry.call(.GET, "/v2/app/manifests/\(absent.digest)").status == 404)
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
