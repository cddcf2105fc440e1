import ImageSpec
import NIOHTTP1
import SystemPackage
import Testing

@Suite("Blobs over HTTP")
struct BlobTests {
    @Test("the registry says that it speaks version 2")
    func version() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            for path in ["/v2/", "/v2"] {
                let reply = try await registry.call(.GET, path)
                #expect(reply.status == 200)
                #expect(reply.text == "{}")
                #expect(reply.headers["docker-distribution-api-version"] == ["registry/2.0"])
            }
        }
    }

    enum Way: CaseIterable {
        case postThenPut, chunks, singlePost
    }

    @Test(
        "a blob pushed in any way comes back byte for byte",
        arguments: Way.allCases,
        DigestAlgorithm.allCases
    )
    func push(way: Way, algorithm: DigestAlgorithm) async throws {
        let bytes = pseudorandomBytes(3_000_001)
        let digest = Digest.of(bytes, by: algorithm)
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let reply = try await send(bytes, as: digest, way, to: registry)
            #expect(reply.status == 201)
            #expect(reply.headers["location"] == ["/v2/team/app/blobs/\(digest)"])
            #expect(reply.headers["docker-content-digest"] == ["\(digest)"])

            let blob = try await registry.call(.GET, "/v2/team/app/blobs/\(digest)")
            #expect(blob.status == 200)
            #expect(blob.body.elementsEqual(bytes))
            #expect(blob.headers["docker-content-digest"] == ["\(digest)"])
            #expect(blob.headers["content-length"] == ["3000001"])

            let other = try await registry.call(.GET, "/v2/another/app/blobs/\(digest)")
            #expect(other.status == 404)
            #expect(other.errorCodes == ["BLOB_UNKNOWN"])
        }
    }

    private func send(_ bytes: [UInt8], as digest: Digest, _ way: Way, to registry: RunningRegistry) async throws
        -> Reply
    {
        switch way {
        case .postThenPut:
            let location = try await registry.startUpload(in: "team/app")
            return try await registry.call(.PUT, "\(location)?digest=\(digest)", body: bytes)
        case .chunks:
            var location = try await registry.startUpload(in: "team/app")
            for range in [0..<1_000_000, 1_000_000..<1_000_001, 1_000_001..<2_500_000] {
                let reply = try await registry.call(
                    .PATCH,
                    location,
                    headers: ["content-range": "\(range.lowerBound)-\(range.upperBound - 1)"],
                    body: Array(bytes[range])
                )
                #expect(reply.status == 202)
                #expect(reply.headers["range"] == ["0-\(range.upperBound - 1)"])
                location = try #require(reply.headers["location"].first)
            }
            return try await registry.call(.PUT, "\(location)?digest=\(digest)", body: Array(bytes[2_500_000...]))
        case .singlePost:
            return try await registry.call(.POST, "/v2/team/app/blobs/uploads/?digest=\(digest)", body: bytes)
        }
    }

    @Test("a HEAD has the headers of the GET")
    func head() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let digest = try await registry.push(pseudorandomBytes(100_000), to: "app")
            let get = try await registry.call(.GET, "/v2/app/blobs/\(digest)")
            let head = try await registry.call(.HEAD, "/v2/app/blobs/\(digest)")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(fields(head) == fields(get))
        }
    }

    private func fields(_ reply: Reply) -> [String: String] {
        var fields = Dictionary(reply.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
        fields["date"] = nil
        fields["x-request-id"] = nil
        return fields
    }

    @Test(
        "a range gives that part",
        arguments: [
            ("bytes=0-0", 0..<1), ("bytes=10-19", 10..<20), ("bytes=990-", 990..<1000), ("bytes=-1", 999..<1000),
            ("bytes=0-5000", 0..<1000), ("bytes=-5000", 0..<1000),
        ]
    )
    func range(header: String, part: Range<Int>) async throws {
        let bytes = pseudorandomBytes(1000)
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let digest = try await registry.push(bytes, to: "app")
            let reply = try await registry.call(.GET, "/v2/app/blobs/\(digest)", headers: ["range": header])
            #expect(reply.status == 206)
            #expect(reply.headers["content-range"] == ["bytes \(part.lowerBound)-\(part.upperBound - 1)/1000"])
            #expect(reply.body.elementsEqual(Array(bytes[part])))
        }
    }

    @Test("a range that isn't understood gives the whole, one behind the end is refused")
    func otherRanges() async throws {
        let bytes = pseudorandomBytes(1000)
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let digest = try await registry.push(bytes, to: "app")
            for header in ["lines=1-2", "bytes=a-b", "bytes=1-2,x", "bytes=", "bytes=+1-2", "bytes=-"] {
                let reply = try await registry.call(.GET, "/v2/app/blobs/\(digest)", headers: ["range": header])
                #expect(reply.status == 200, "\(header)")
                #expect(reply.body.elementsEqual(bytes), "\(header)")
            }
            for header in ["bytes=1000-", "bytes=5000-6000", "bytes=-0", "bytes=9-1"] {
                let reply = try await registry.call(.GET, "/v2/app/blobs/\(digest)", headers: ["range": header])
                #expect(reply.status == 416, "\(header)")
                #expect(reply.headers["content-range"] == ["bytes */1000"], "\(header)")
            }
        }
    }

    @Test("many blobs asked for at once on one connection come whole and in order")
    func pipelining() async throws {
        let blobs = (0..<40).map { pseudorandomBytes([0, 1, 70_000, 900_001][$0 % 4], seed: UInt64($0 + 1)) }
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            for blob in blobs { try await registry.push(blob, to: "app") }
            let connection = try RawConnection(to: registry.host)
            for (index, blob) in blobs.enumerated() {
                let isLast = index == blobs.count - 1
                try connection.send(
                    "GET /v2/app/blobs/\(Digest.of(blob)) HTTP/1.1\r\nHost: x\r\n"
                        + (isLast ? "Connection: close\r\n\r\n" : "\r\n")
                )
            }
            var rest = try connection.readToEnd()[...]
            for blob in blobs {
                let end = try #require(rest.firstRange(of: Array("\r\n\r\n".utf8)))
                #expect(String(decoding: rest[..<end.lowerBound], as: UTF8.self).hasPrefix("HTTP/1.1 200"))
                #expect(rest[end.upperBound...].prefix(blob.count) == blob[...])
                rest = rest[end.upperBound...].dropFirst(blob.count)
            }
            #expect(rest.isEmpty)
        }
    }

    @Test("two clients that push the same blob at once both succeed, and it is stored once")
    func samePush() async throws {
        let bytes = pseudorandomBytes(2_000_000)
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let registry = try await Berthd.start(on: bench, folder: folder)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for repository in ["one", "two", "one", "three"] {
                    group.addTask { try await registry.push(bytes, to: repository) }
                }
                try await group.waitForAll()
            }
            #expect(try storedFiles(in: folder).count == 1)
            for repository in ["one", "two", "three"] {
                let reply = try await registry.call(.GET, "/v2/\(repository)/blobs/\(Digest.of(bytes))")
                #expect(reply.body.elementsEqual(bytes))
            }
        }
    }

    @Test("a blob whose file was lost is mended by a push")
    func lostFile() async throws {
        let bytes = pseudorandomBytes(10_000)
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let registry = try await Berthd.start(on: bench, folder: folder)
            let digest = try await registry.push(bytes, to: "app")
            for file in try storedFiles(in: folder) { try await Command("rm", file.string).output() }
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(digest)").status == 500)
            try await registry.push(bytes, to: "app")
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(digest)").body.elementsEqual(bytes))
            #expect(try storedFiles(in: folder).count == 1)
        }
    }

    @Test("a blob is mounted from a repository that has it, and uploaded where none has")
    func mount() async throws {
        let bytes = pseudorandomBytes(1000)
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let digest = try await registry.push(bytes, to: "source")
            let mounted = try await registry.call(.POST, "/v2/target/blobs/uploads/?mount=\(digest)&from=source")
            #expect(mounted.status == 201)
            #expect(mounted.headers["location"] == ["/v2/target/blobs/\(digest)"])
            #expect(try await registry.call(.GET, "/v2/target/blobs/\(digest)").body.elementsEqual(bytes))

            for query in ["", "&from="] {
                let anonymous = try await registry.call(
                    .POST,
                    "/v2/any\(query.count)/blobs/uploads/?mount=\(digest)\(query)"
                )
                #expect(anonymous.status == 201)
                #expect(anonymous.headers["location"] == ["/v2/any\(query.count)/blobs/\(digest)"])
            }
            let unknown = Digest.of([9])
            #expect(try await registry.call(.POST, "/v2/third/blobs/uploads/?mount=\(unknown)").status == 202)

            for source in ["nowhere", "NOT-A-NAME"] {
                let reply = try await registry.call(.POST, "/v2/third/blobs/uploads/?mount=\(digest)&from=\(source)")
                #expect(reply.status == 202)
            }
            #expect(try await registry.call(.GET, "/v2/third/blobs/\(digest)").status == 404)
        }
    }
}

/// The files that lie in a server's `blobs` and `uploads`.
func storedFiles(in data: FilePath) throws -> [FilePath] {
    try ["blobs", "uploads"].flatMap { try files(below: data.appending($0)) }
}

private func files(below folder: FilePath) throws -> [FilePath] {
    try names(in: folder).flatMap { name -> [FilePath] in
        let path = folder.appending(name)
        guard let inside = try? files(below: path) else { return [path] }
        return inside
    }
}
