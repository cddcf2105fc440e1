import ImageSpec
import NIOCore
import NIOHTTP1
import RegistryClient
import Testing

@Suite("Hostile registries", .timeLimit(.minutes(2)))
struct HostileRegistryTests {
    private let repository: RepositoryName
    private let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

    init() throws {
        repository = try RepositoryName("team/app")
    }

    @Test("a manifest that isn't what its digest says is refused", arguments: [true, false])
    func wrongManifest(byDigest: Bool) async throws {
        let digest = Digest.of("another".utf8)
        let bytes = try manifestBytes()
        let actual = Digest.of(bytes)
        try await ScriptedRegistry.use { _ in
            ScriptedAnswer(.ok, byDigest ? [] : [("Docker-Content-Digest", "\(digest)")], body: bytes)
        } _: { server in
            let error = await #expect(throws: RegistryClientError.self) {
                try await client(of: server).manifest(byDigest ? .digest(digest) : .tag(.latest), in: repository)
            }
            guard case .wrongContent(_, digest, actual) = error else {
                Issue.record("not refused for its content: \(String(describing: error))")
                return
            }
        }
    }

    @Test("a manifest without an end is given up at the limit")
    func endlessManifest() async throws {
        try await ScriptedRegistry.use { _ in
            var answer = ScriptedAnswer(.ok, body: [UInt8](repeating: 32, count: 100_000))
            answer.ending = .never
            return answer
        } _: { server in
            await expect({ if case .tooLarge(_, 4 << 20) = $0 { true } else { false } }) {
                try await client(of: server).manifest(.tag(.latest), in: repository)
            }
        }
    }

    @Test("a redirect of what is sent is not followed", arguments: [301, 302, 303, 307, 308])
    func redirectOfPush(status: Int) async throws {
        let bytes = try manifestBytes()
        let manifest = try Manifest(parsing: bytes)
        try await ScriptedRegistry.use { request in
            request.uri == "/elsewhere"
                ? .status(.created) : .status(HTTPResponseStatus(statusCode: status), ("Location", "/elsewhere"))
        } _: { server in
            await #expect(throws: RegistryClientError.self) {
                try await client(of: server).push(manifest, as: .tag(.latest), to: repository)
            }
            #expect(server.requests.allSatisfy { $0.uri != "/elsewhere" })
        }
    }

    @Test("a circle of redirects is left after five")
    func redirectCircle() async throws {
        try await ScriptedRegistry.use {
            .status(.temporaryRedirect, ("Location", $0.uri))
        } _: { server in
            await expect({ if case .tooManyRedirects(_, 5) = $0 { true } else { false } }) {
                try await client(of: server).manifest(.tag(.latest), in: repository)
            }
            #expect(server.requests.count == 6)
        }
    }

    @Test(
        "a redirect to what is no web address of this world is not followed",
        arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://user@127.0.0.1/x", "http:///x", ":"]
    )
    func strangeRedirect(location: String) async throws {
        try await ScriptedRegistry.use { _ in
            .status(.found, ("Location", location))
        } _: { server in
            await #expect(throws: RegistryClientError.self) {
                try await client(of: server).manifest(.tag(.latest), in: repository)
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test("of a blob that isn't what its digest says, the last bytes never come out")
    func wrongBlob() async throws {
        let content = content
        let actual = Digest.of(content)
        try await ScriptedRegistry.use { _ in
            ScriptedAnswer(body: content)
        } _: { server in
            let descriptor = Descriptor(mediaType: .ociLayer, digest: .of("another".utf8), size: Int64(content.count))
            let (received, error) = await read(try client(of: server).blob(descriptor, in: repository))
            #expect(received.count < content.count)
            guard case .wrongContent(_, descriptor.digest, actual) = error else {
                Issue.record("not refused for its content: \(String(describing: error))")
                return
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test("a blob of another length than its descriptor's is refused before a byte is read", arguments: [-1, 1])
    func wrongLength(difference: Int) async throws {
        let content = content
        try await ScriptedRegistry.use { _ in
            ScriptedAnswer(body: content)
        } _: { server in
            var descriptor = Descriptor(mediaType: .ociLayer, content: content)
            descriptor.size += Int64(difference)
            let (received, error) = await read(try client(of: server).blob(descriptor, in: repository))
            #expect(received.isEmpty)
            guard case .wrongLength = error else {
                Issue.record("not refused for its length: \(String(describing: error))")
                return
            }
        }
    }

    @Test("a blob without an end and without a stated length is cut off at its descriptor's size")
    func endlessBlob() async throws {
        let content = content
        try await ScriptedRegistry.use { _ in
            var answer = ScriptedAnswer(body: content)
            answer.ending = .never
            return answer
        } _: { server in
            let descriptor = Descriptor(mediaType: .ociLayer, content: Array(content.dropLast()))
            let (received, error) = await read(try client(of: server).blob(descriptor, in: repository))
            #expect(received.count < content.count)
            guard case .wrongLength = error else {
                Issue.record("not refused for its length: \(String(describing: error))")
                return
            }
        }
    }

    @Test("a blob goes on by Range where the connection was cut", arguments: [true, false])
    func cutConnections(knowsRanges: Bool) async throws {
        let content = content
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        try await ScriptedRegistry.use { request in
            let start = knowsRanges ? Self.rangeStart(of: request) : 0
            let rest = Array(content[start...])
            // Each connection brings 100,000 bytes more than the one before had.
            let end = min((request.number + 1) * 100_000 - start, rest.count)
            var answer = ScriptedAnswer.promising(
                rest.count,
                body: Array(rest[..<end]),
                ending: end == rest.count ? .complete : .cut
            )
            if start > 0 {
                answer.status = .partialContent
                answer.headers.add(name: "Content-Range", value: "bytes \(start)-\(content.count - 1)/\(content.count)")
            }
            return answer
        } _: { server in
            let (received, error) = await read(try client(of: server).blob(descriptor, in: repository))
            #expect(error == nil)
            // Not the bytes themselves: the difference of long arrays takes the testing library minutes.
            #expect(Digest.of(received) == descriptor.digest)
            // How much of what was sent before a cut arrives is the kernel's to say.
            let starts = server.requests.map(Self.rangeStart)
            #expect(starts.count == 3)
            #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    @Test("a registry that never gets further is given up")
    func neverFurther() async throws {
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        try await ScriptedRegistry.use { _ in
            .promising(300_000, body: [], ending: .cut)
        } _: { server in
            let (_, error) = await read(try client(of: server).blob(descriptor, in: repository))
            guard case .connectionFailed = error else {
                Issue.record("not a failed connection: \(String(describing: error))")
                return
            }
            #expect(server.requests.count == RetryPolicy().maximumAttempts)
        }
    }

    @Test("a range that wasn't asked for is refused")
    func wrongRange() async throws {
        let content = content
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        var hasher = DigestHasher(.sha256)
        content[..<1000].withUnsafeBytes { hasher.update($0) }
        let prefix = BlobPrefix(hasher: hasher, length: 1000)
        try await ScriptedRegistry.use { _ in
            ScriptedAnswer(.partialContent, [("Content-Range", "bytes 0-\(content.count - 1)/*")], body: content)
        } _: { server in
            let (received, error) = await read(try client(of: server).blob(descriptor, in: repository, after: prefix))
            #expect(received.isEmpty)
            guard case .invalidResponse = error else {
                Issue.record("accepted: \(String(describing: error))")
                return
            }
        }
    }

    @Test("a registry that is busy is asked again, one that can't do it isn't")
    func busy() async throws {
        let bytes = try manifestBytes()
        try await ScriptedRegistry.use { request in
            request.number < 2 ? .status(.tooManyRequests, ("Retry-After", "0")) : ScriptedAnswer(body: bytes)
        } _: { server in
            _ = try await client(of: server).manifest(.tag(.latest), in: repository)
            #expect(server.requests.count == 3)
        }
        try await ScriptedRegistry.use { _ in
            .status(.notImplemented)
        } _: { server in
            await expect({ if case .refused(let refusal) = $0 { refusal.status == 501 } else { false } }) {
                try await client(of: server).manifest(.tag(.latest), in: repository)
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test("a registry that asks for a long pause is an error at once")
    func longPause() async throws {
        try await ScriptedRegistry.use { _ in
            .status(.tooManyRequests, ("Retry-After", "3600"))
        } _: { server in
            await expect({ if case .refused(let refusal) = $0 { refusal.status == 429 } else { false } }) {
                try await client(of: server).manifest(.tag(.latest), in: repository)
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test("what a registry says is shown without what would move the cursor, and not at any length")
    func errorText() async throws {
        let message = "no\\u001b[2Jway\\n" + String(repeating: "!", count: 10_000)
        let body = Array(#"{"errors":[{"code":"DENIED","message":"\#(message)","detail":{}}]}"#.utf8)
        try await ScriptedRegistry.use { _ in
            ScriptedAnswer(.forbidden, body: body)
        } _: { server in
            await expect({
                guard case .refused(let refusal) = $0 else { return false }
                return refusal.code == "DENIED" && refusal.message.hasPrefix("no[2Jway!!")
                    && refusal.message.count < 1000
            }) { try await client(of: server).manifest(.tag(.latest), in: repository) }
        }
    }

    @Test("nobody at home is told at once")
    func refusedConnection() async throws {
        let port = try LoopbackPort.free()
        let client = try RegistryClient(registry: RegistryHost("127.0.0.1:\(port)"))
        let began = ContinuousClock.now
        await expect({ if case .connectionFailed(_, _, isTransient: false) = $0 { true } else { false } }) {
            try await client.manifest(.tag(.latest), in: repository)
        }
        #expect(ContinuousClock.now - began < .seconds(5))
    }

    // MARK: -

    private func manifestBytes() throws -> [UInt8] {
        let config = Descriptor(mediaType: .ociConfig, content: Array("{}".utf8))
        return try Manifest(ImageManifest(config: config, layers: [])).bytes
    }

    private func client(of server: ScriptedRegistry) throws -> RegistryClient {
        var configuration = RegistryClient.Configuration()
        configuration.retries.firstDelay = .milliseconds(1)
        return try RegistryClient(registry: server.host, configuration: configuration)
    }

    private func read(_ bytes: BlobBytes) async -> (received: [UInt8], error: RegistryClientError?) {
        var received: [UInt8] = []
        do {
            for try await buffer in bytes { received += buffer.readableBytesView }
            return (received, nil)
        } catch {
            return (received, error as? RegistryClientError)
        }
    }

    private func expect<Value>(
        _ isExpected: (RegistryClientError) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation,
        from body: () async throws -> Value
    ) async {
        do {
            _ = try await body()
            Issue.record("it was accepted", sourceLocation: sourceLocation)
        } catch let error as RegistryClientError {
            #expect(isExpected(error), "\(error)", sourceLocation: sourceLocation)
        } catch {
            Issue.record("another error: \(error)", sourceLocation: sourceLocation)
        }
    }

    private static func rangeStart(of request: ScriptedRequest) -> Int {
        guard let range = request.header("Range") else { return 0 }
        return Int(range.dropFirst("bytes=".count).dropLast()) ?? 0
    }
}
