import ImageSpec
import NIOCore
import NIOHTTP1
import RegistryClient
import Testing

@Suite("Conversations with a registry", .timeLimit(.minutes(2)))
struct RegistryConversationTests {
    private let repository: RepositoryName

    init() throws {
        repository = try RepositoryName("team/app")
    }

    @Test("tags are read page by page, as Link says")
    func tagPages() async throws {
        try await ScriptedRegistry.use { request in
            guard request.uri.contains("last=") else {
                return ScriptedAnswer(
                    .ok,
                    [("Link", #"</v2/team/app/tags/list?n=2&last=b>; rel="next""#)],
                    body: Array(#"{"name":"team/app","tags":["a","b"]}"#.utf8)
                )
            }
            return ScriptedAnswer(body: Array(#"{"tags":["c"]}"#.utf8))
        } _: { server in
            let tags = try await RegistryClient(registry: server.host).tags(of: repository)
            #expect(tags.map(\.rawValue) == ["a", "b", "c"])
        }
    }

    @Test("a Link that leads to another host is not followed")
    func foreignLink() async throws {
        try await ScriptedRegistry.use { _ in
            ScriptedAnswer(
                .ok,
                [("Link", #"<http://127.0.0.2:1/v2/team/app/tags/list>; rel="next""#)],
                body: Array(#"{"tags":["a"]}"#.utf8)
            )
        } _: { server in
            await #expect(throws: RegistryClientError.self) {
                try await RegistryClient(registry: server.host).tags(of: repository)
            }
        }
    }

    @Test("a registry that takes no content with PUT gets it with PATCH")
    func patchInstead() async throws {
        let content = Array("some content".utf8)
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        try await ScriptedRegistry.use { request in
            switch request.method {
            case .HEAD: .status(.notFound)
            case .POST: .status(.accepted, ("Location", "/upload/\(request.number)?state=x"))
            case .PATCH: .status(.accepted, ("Location", "/upload/patched?state=y"))
            default: .status(request.body.isEmpty ? .created : .methodNotAllowed)
            }
        } _: { server in
            let client = try RegistryClient(registry: server.host)
            let push = try await client.push(descriptor, to: repository, content: Chunks(bytes: content))
            #expect(push == .uploaded)
            let patch = server.requests.first { $0.method == .PATCH }
            #expect(patch?.body == content)
            #expect(patch?.header("Content-Range") == "0-11")
            #expect(server.requests.last?.uri == "/upload/patched?state=y&digest=\(descriptor.digest)")
        }
    }

    @Test("an upload that was cut is asked about before it is sent again")
    func uploadAgain() async throws {
        let content = Array("some content".utf8)
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        try await ScriptedRegistry.use { request in
            switch request.method {
            // The first PUT was carried out, though its answer got lost.
            case .HEAD: .status(request.number == 0 ? .notFound : .ok)
            case .POST: .status(.accepted, ("Location", "upload"))
            default: .promising(0, body: [], ending: .none)
            }
        } _: { server in
            let client = try RegistryClient(registry: server.host)
            let push = try await client.push(descriptor, to: repository, content: Chunks(bytes: content))
            #expect(push == .uploaded)
            #expect(server.requests.map(\.method.rawValue) == ["HEAD", "POST", "PUT", "HEAD"])
            #expect(server.requests[2].uri.hasPrefix("/v2/team/app/blobs/uploads/upload?digest="))
        }
    }

    @Test("content that can't be read is told as that, not as the registry's fault")
    func unreadableContent() async throws {
        struct Unreadable: Error {}
        let stream = AsyncThrowingStream<ByteBuffer, any Error> { $0.finish(throwing: Unreadable()) }
        try await ScriptedRegistry.use { request in
            request.method == .HEAD ? .status(.notFound) : .status(.accepted, ("Location", "/upload"))
        } _: { server in
            let client = try RegistryClient(registry: server.host)
            let descriptor = Descriptor(mediaType: .ociLayer, content: [1, 2, 3])
            await #expect(throws: Unreadable.self) {
                try await client.push(descriptor, to: repository, content: stream)
            }
        }
    }
}

/// Bytes in memory as content to upload.
private struct Chunks: AsyncSequence, Sendable {
    let bytes: [UInt8]

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[...]) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>

        mutating func next() async throws -> ByteBuffer? {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(5) }
            return ByteBuffer(bytes: rest.prefix(5))
        }
    }
}
