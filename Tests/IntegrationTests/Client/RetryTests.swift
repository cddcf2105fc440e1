import ImageSpec
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import RegistryClient

@Suite("Retries", .timeLimit(.minutes(2)))
struct RetryTests {
    @Test(
        "Retry-After is read as seconds or as a date",
        arguments: [
            ("0", 0), ("7", 7), ("-1", nil), ("soon", nil), ("", nil), ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
            ("Sun, 06 Nov 1994 08:49:37", nil), ("Sunday, 06-Nov-94 08:49:37 GMT", nil),
            ("Sun, 36 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 08:49 GMT", nil),
        ] as [(String, Int?)]
    )
    func retryAfter(text: String, seconds: Int?) {
        #expect(RegistryRefusal.pause(text) == seconds.map { .seconds($0) })
    }

    @Test("a date is the moment that it says")
    func date() {
        #expect(HTTPDate("Sun, 06 Nov 1994 08:49:37 GMT")?.seconds == 784_111_777)
        #expect(HTTPDate("Tue, 29 Feb 2028 23:59:60 GMT")?.seconds == 1_835_481_600)
    }

    @Test(
        "what may pass is tried again, what may not is an error at once",
        arguments: [
            (400, 1), (401, 1), (403, 1), (404, 1), (405, 1), (501, 1), (408, 5), (429, 5), (500, 5), (502, 5),
            (503, 5),
            (504, 5),
        ]
    )
    func statuses(status: Int, tries: Int) async throws {
        try await ScriptedRegistry.use { _ in
            .status(.init(statusCode: status))
        } _: { server in
            await #expect(throws: RegistryClientError.self) {
                try await client(of: server).manifest(.tag(.latest), in: RepositoryName("app"))
            }
            #expect(server.requests.count == tries)
        }
    }

    @Test("a blob's upload goes on when its session is busy, and is left for a new one when it stays so")
    func busySession() async throws {
        let content = [UInt8](repeating: 7, count: 300_000)
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        for busyAnswers in [2, 100] {
            let busy = Mutex(0)
            try await ScriptedRegistry.use { request in
                switch (request.method, request.uri) {
                case (.HEAD, _): return .status(.notFound)
                case (.GET, _): return .status(.noContent, ("Range", "0-99999"))
                case (.POST, _): return .status(.accepted, ("Location", "/new"))
                case (.PATCH, "/old"):
                    let isBusy = busy.withLock { count in
                        count += 1
                        return count <= busyAnswers
                    }
                    return isBusy ? .status(.conflict, ("Retry-After", "0")) : .status(.accepted)
                case (.PATCH, _): return .status(.accepted)
                default: return .status(.created)
                }
            } _: { server in
                let client = try client(of: server)
                let memory = OneSession("http://\(server.host)/old")
                let push = try await client.push(descriptor, to: RepositoryName("app"), remembering: memory) {
                    Bytes(bytes: content, start: $0)
                }
                #expect(push == .uploaded)
                let patches = server.requests.filter { $0.method == .PATCH }
                // What is sent in vain is little.
                let refused = busyAnswers == 2 ? patches.prefix(2) : patches.filter { $0.uri == "/old" }[...]
                #expect(refused.allSatisfy { $0.uri == "/old" && $0.body.count <= 64 << 10 })
                let taken = patches.dropFirst(refused.count)
                #expect(taken.allSatisfy { $0.uri == (busyAnswers == 2 ? "/old" : "/new") })
                #expect(taken.reduce(0) { $0 + $1.body.count } == (busyAnswers == 2 ? 200_000 : 300_000))
                #expect(try memory.session(for: target(server, descriptor)) == nil)
            }
        }
    }

    @Test("a registry that takes neither content with PATCH nor with PUT is given up")
    func noWayIn() async throws {
        let content = [UInt8](repeating: 7, count: 300_000)
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        try await ScriptedRegistry.use { request in
            switch request.method {
            case .HEAD: .status(.notFound)
            case .POST: .status(.accepted, ("Location", "/upload"))
            default: .status(.methodNotAllowed)
            }
        } _: { server in
            await #expect(throws: RegistryClientError.self) {
                try await client(of: server).push(descriptor, to: RepositoryName("app")) {
                    Bytes(bytes: content, start: $0)
                }
            }
            #expect(server.requests.count < 15)
        }
    }

    @Test("a large blob goes with PUT to a registry without PATCH")
    func noPatch() async throws {
        let content = [UInt8](repeating: 7, count: 300_000)
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        try await ScriptedRegistry.use { request in
            switch request.method {
            case .HEAD: .status(.notFound)
            case .POST: .status(.accepted, ("Location", "/upload"))
            case .PUT: .status(.created)
            default: .status(.methodNotAllowed)
            }
        } _: { server in
            let push = try await client(of: server).push(descriptor, to: RepositoryName("app")) {
                Bytes(bytes: content, start: $0)
            }
            #expect(push == .uploaded)
            #expect(server.requests.last?.body.count == content.count)
        }
    }

    @Test("a registry that asks for chunks of a size gets them")
    func minimumChunk() async throws {
        let content = [UInt8](repeating: 7, count: 33 << 20)
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        try await ScriptedRegistry.use { request in
            switch request.method {
            case .HEAD: .status(.notFound)
            case .POST: .status(.accepted, ("Location", "/upload"), ("OCI-Chunk-Min-Length", "1000000"))
            case .PATCH: .status(.accepted, ("Location", "/upload"))
            default: .status(.created)
            }
        } _: { server in
            _ = try await client(of: server).push(descriptor, to: RepositoryName("app")) {
                Bytes(bytes: content, start: $0)
            }
            let ranges = server.requests.filter { $0.method == .PATCH }.compactMap { $0.header("Content-Range") }
            #expect(ranges == ["0-33554431", "33554432-34603007"])
        }
    }

    // MARK: -

    private func client(of server: ScriptedRegistry) throws -> RegistryClient {
        var configuration = RegistryClient.Configuration()
        configuration.retries.firstDelay = .milliseconds(1)
        return try RegistryClient(registry: server.host, configuration: configuration)
    }

    private func target(_ server: ScriptedRegistry, _ descriptor: Descriptor) throws -> UploadTarget {
        UploadTarget(registry: server.host, repository: try RepositoryName("app"), digest: descriptor.digest)
    }
}

/// Remembers one session.
private final class OneSession: UploadMemory {
    private let address: Mutex<String?>

    init(_ address: String) {
        self.address = Mutex(address)
    }

    func session(for target: UploadTarget) -> String? { address.withLock { $0 } }
    func remember(_ session: String, for target: UploadTarget) { address.withLock { $0 = session } }
    func forget(_ target: UploadTarget) { address.withLock { $0 = nil } }
}
