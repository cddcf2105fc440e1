import ImageSpec
import NIOHTTP1
import RegistryClient
import Testing

/// Lists of a registry that means harm have an end.
@Suite("Bounds of lists", .timeLimit(.minutes(1)))
struct ListBoundTests {
    /// What a list is asked for by.
    enum List: String, CaseIterable, Sendable {
        case tags
        case catalog
        case referrers

        func read(from server: ScriptedRegistry) async throws {
            var configuration = RegistryClient.Configuration()
            configuration.retries.firstDelay = .milliseconds(1)
            let client = try RegistryClient(registry: server.host, configuration: configuration)
            let repository = try RepositoryName("app")
            switch self {
            case .tags: _ = try await client.tags(of: repository)
            case .catalog: _ = try await client.repositories()
            case .referrers: _ = try await client.referrers(of: .of("x".utf8), in: repository)
            }
        }

        /// A page of one entry.
        func page(_ number: Int) -> [UInt8] {
            let entry =
                switch self {
                case .tags: #"{"tags":["t\#(number)"]}"#
                case .catalog: #"{"repositories":["r\#(number)"]}"#
                case .referrers: #"{"schemaVersion":2,"manifests":[]}"#
                }
            return Array(entry.utf8)
        }
    }

    @Test("a page that leads back to one of before is not read again", arguments: List.allCases)
    func circle(list: List) async throws {
        try await ScriptedRegistry.use { request in
            let next = request.number % 3
            return ScriptedAnswer(
                .ok,
                [("Link", "</v2/x?last=\(next)>; rel=\"next\"")],
                body: list.page(request.number)
            )
        } _: { server in
            let error = await #expect(throws: RegistryClientError.self) { try await list.read(from: server) }
            #expect("\(String(describing: error))".contains("its pages don't end"))
            #expect(server.requests.count <= 4)
        }
    }

    @Test("a page that leads to another host is the end", arguments: List.allCases)
    func foreignLink(list: List) async throws {
        try await ScriptedRegistry.use { _ in
            ScriptedAnswer(.ok, [("Link", #"<http://127.0.0.2:1/v2/x>; rel="next""#)], body: list.page(0))
        } _: { server in
            let error = await #expect(throws: RegistryClientError.self) { try await list.read(from: server) }
            #expect("\(String(describing: error))".contains("its Link leads away"))
        }
    }

    @Test("a page without an end is given up at the limit", arguments: List.allCases)
    func endlessPage(list: List) async throws {
        try await ScriptedRegistry.use { _ in
            var answer = ScriptedAnswer(.ok, body: [UInt8](repeating: 32, count: 100_000))
            answer.ending = .never
            return answer
        } _: { server in
            let error = await #expect(throws: RegistryClientError.self) { try await list.read(from: server) }
            guard case .tooLarge(_, 4 << 20) = error else {
                Issue.record("not refused for its size: \(String(describing: error))")
                return
            }
        }
    }

    @Test(
        "what is no list is said to be none",
        arguments: List.allCases,
        ["[]", "{", "null", #"{"tags":1,"repositories":2,"manifests":3}"#]
    )
    func noList(list: List, body: String) async throws {
        try await ScriptedRegistry.use { _ in
            ScriptedAnswer(body: Array(body.utf8))
        } _: { server in
            let error = await #expect(throws: RegistryClientError.self) { try await list.read(from: server) }
            #expect("\(String(describing: error))".contains("it is not a list"))
        }
    }
}
