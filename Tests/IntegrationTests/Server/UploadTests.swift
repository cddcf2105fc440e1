import ImageSpec
import NIOHTTP1
import SystemPackage
import Testing

@Suite("Upload sessions")
struct UploadTests {
    @Test("a blob whose digest is wrong is refused, and nothing of it stays", arguments: DigestAlgorithm.allCases)
    func wrongDigest(algorithm: DigestAlgorithm) async throws {
        let bytes = pseudorandomBytes(100_000)
        let wrong = Digest.of([1, 2, 3], by: algorithm)
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let registry = try await Berthd.start(on: bench, folder: folder)
            let location = try await registry.startUpload(in: "app")
            for path in ["\(location)?digest=\(wrong)", "/v2/app/blobs/uploads/?digest=\(wrong)"] {
                let method: HTTPMethod = path.hasPrefix(location) ? .PUT : .POST
                let reply = try await registry.call(method, path, body: bytes)
                #expect(reply.status == 400)
                #expect(reply.errorCodes == ["DIGEST_INVALID"])
            }
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(wrong)").status == 404)
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(Digest.of(bytes))").status == 404)
            #expect(try await registry.call(.GET, location).errorCodes == ["BLOB_UPLOAD_UNKNOWN"])
            #expect(try storedFiles(in: folder).isEmpty)
        }
    }

    @Test(
        "a digest that isn't one is refused",
        arguments: [
            "", "sha256:abc", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:" + String(repeating: "G", count: 64),
        ]
    )
    func malformedDigest(digest: String) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let location = try await registry.startUpload(in: "app")
            let reply = try await registry.call(.PUT, "\(location)?digest=\(digest)", body: [1])
            #expect(reply.status == 400)
            #expect(reply.errorCodes == ["DIGEST_INVALID"])
            #expect(try await registry.call(.GET, location).status == 204)
        }
    }

    @Test(
        "a body that ends early leaves the session at what came, and the client goes on there",
        arguments: [true, false]
    )
    func cutBody(chunked: Bool) async throws {
        let bytes = pseudorandomBytes(2_000_000)
        let digest = Digest.of(bytes)
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let location = try await registry.startUpload(in: "app")
            let connection = try RawConnection(to: registry.host)
            let framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: \(bytes.count)"
            try connection.send("PATCH \(location) HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n")
            if chunked { try connection.send("1e8480\r\n") }
            try connection.send(Array(bytes[..<1_500_000]))
            connection.finishSending()
            _ = try connection.readToEnd()

            let status = try await registry.call(.GET, location)
            #expect(status.status == 204)
            #expect(status.headers["range"] == ["0-1499999"])
            let rest = try await registry.call(
                .PATCH,
                location,
                headers: ["content-range": "1500000-1999999"],
                body: Array(bytes[1_500_000...])
            )
            #expect(rest.status == 202)
            #expect(try await registry.call(.PUT, "\(location)?digest=\(digest)").status == 201)
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(digest)").body.elementsEqual(bytes))
        }
    }

    @Test("a closing PUT that ends early leaves the session at what came")
    func cutPut() async throws {
        let bytes = pseudorandomBytes(300_000)
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let location = try await registry.startUpload(in: "app")
            let connection = try RawConnection(to: registry.host)
            try connection.send(
                "PUT \(location)?digest=\(Digest.of(bytes)) HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n"
            )
            try connection.send(Array(bytes[..<200_000]))
            connection.finishSending()
            let answer = String(decoding: try connection.readToEnd(), as: UTF8.self)
            #expect(!answer.contains("201"))
            #expect(try await registry.call(.GET, location).headers["range"] == ["0-199999"])
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(Digest.of(bytes))").status == 404)
            let rest = Array(bytes[200_000...])
            #expect(try await registry.call(.PUT, "\(location)?digest=\(Digest.of(bytes))", body: rest).status == 201)
        }
    }

    @Test("a chunk out of order is refused with the true range, and the session keeps its offset")
    func outOfOrder() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let location = try await registry.startUpload(in: "app")
            _ = try await registry.call(
                .PATCH,
                location,
                headers: ["content-range": "0-99"],
                body: pseudorandomBytes(100)
            )
            for range in ["0-99", "200-299", "99-198"] {
                let reply = try await registry.call(
                    .PATCH,
                    location,
                    headers: ["content-range": range],
                    body: pseudorandomBytes(100)
                )
                #expect(reply.status == 416, "\(range)")
                #expect(reply.headers["range"] == ["0-99"], "\(range)")
                #expect(reply.errorCodes == ["BLOB_UPLOAD_INVALID"], "\(range)")
            }
            #expect(try await registry.call(.GET, location).headers["range"] == ["0-99"])
        }
    }

    @Test("a Content-Range that lies about the body is refused")
    func lyingRange() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let location = try await registry.startUpload(in: "app")
            for range in [
                "0-100", "bytes 0-99/100", "5", "9-3", "-5-3", "0-9223372036854775807", "0-9223372036854775808",
            ] {
                let headers: HTTPHeaders = ["content-range": range]
                let reply = try await registry.call(.PATCH, location, headers: headers, body: pseudorandomBytes(100))
                #expect(reply.status == 400, "\(range)")
            }
            #expect(try await registry.call(.GET, location).headers["range"] == ["0-0"])
        }
    }

    @Test("a second writer of a session is told so, and harms nothing")
    func twoWriters() async throws {
        let bytes = pseudorandomBytes(1000)
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let registry = try await Berthd.start(on: bench, folder: folder)
            let location = try await registry.startUpload(in: "app")
            let first = try RawConnection(to: registry.host)
            try first.send("PATCH \(location) HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n")
            try first.send(Array(bytes[..<500]))
            // The first is writing from the moment when its file is there.
            let isWriting = try await poll(within: .seconds(30)) {
                try storedFiles(in: folder).isEmpty ? nil : true
            }
            #expect(isWriting == true)
            let refused = try await registry.call(.PATCH, location, body: [1, 2, 3])
            #expect(refused.status == 409)
            #expect(refused.errorCodes == ["BLOB_UPLOAD_INVALID"])
            try first.send(Array(bytes[500...]))
            #expect(String(decoding: try first.readToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 202"))
            #expect(try await registry.call(.PUT, "\(location)?digest=\(Digest.of(bytes))").status == 201)
        }
    }

    @Test("a cancelled session is gone with its bytes")
    func cancel() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let registry = try await Berthd.start(on: bench, folder: folder)
            let location = try await registry.startUpload(in: "app")
            _ = try await registry.call(.PATCH, location, body: pseudorandomBytes(100))
            #expect(try storedFiles(in: folder).count == 1)
            #expect(try await registry.call(.DELETE, location).status == 204)
            for method: HTTPMethod in [.GET, .PATCH, .DELETE] {
                #expect(try await registry.call(method, location).errorCodes == ["BLOB_UPLOAD_UNKNOWN"])
            }
            #expect(try storedFiles(in: folder).isEmpty)
        }
    }

    @Test("a session is known in its own repository only")
    func otherRepository() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let location = try await registry.startUpload(in: "mine")
            let elsewhere = location.replacing("/mine/", with: "/yours/")
            #expect(try await registry.call(.GET, elsewhere).status == 404)
            #expect(try await registry.call(.PATCH, elsewhere, body: [1]).status == 404)
            #expect(try await registry.call(.GET, location).status == 204)
        }
    }

    @Test("a client that waits to be asked for its body is asked at once")
    func expectContinue() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let location = try await registry.startUpload(in: "app")
            let connection = try RawConnection(to: registry.host)
            try connection.send(
                "PATCH \(location) HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                    + "Expect: 100-continue\r\nConnection: close\r\n\r\n"
            )
            #expect(try connection.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100"))
            try connection.send("abc")
            #expect(String(decoding: try connection.readToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 202"))
        }
    }
}
