import Access
import ImageSpec
import NIOHTTP1
import Testing

@Suite("Immutable tags over HTTP")
struct ImmutableTagTests {
    private func image(_ number: Int) throws -> Manifest {
        try Manifest(
            ImageManifest(
                config: Descriptor(mediaType: .ociConfig, content: Array("{}".utf8)),
                layers: [],
                annotations: ["number": "\(number)"]
            )
        )
    }

    private func withRegistry(_ body: @escaping @Sendable (RunningRegistry) async throws -> Void) async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let team = try RepositoryPattern("team/**")
            try await Berthd.addAccounts(in: folder, scopes: [Scope(team, [.pull, .push, .delete])])
            try await Berthd.changeMetadata(in: folder) { store in
                try await store.setRule(RepositoryRule(team, immutableTags: ["v*"]))
            }
            let registry = try await Berthd.start(on: bench, folder: folder)
            let digest = Digest.of(Array("{}".utf8))
            let pushed = try await registry.call(
                .POST,
                "/v2/team/app/blobs/uploads/?digest=\(digest)",
                headers: .login("alice"),
                body: Array("{}".utf8)
            )
            #expect(pushed.status == 201)
            try await body(registry)
        }
    }

    private func put(
        _ image: Manifest,
        at tag: String,
        as name: String,
        _ registry: RunningRegistry
    ) async throws -> Reply {
        var headers = HTTPHeaders.login(name)
        headers.add(name: "content-type", value: image.mediaType.rawValue)
        return try await registry.call(.PUT, "/v2/team/app/manifests/\(tag)", headers: headers, body: image.bytes)
    }

    @Test("nobody moves one, and whoever deletes it must administer the registry")
    func rules() async throws {
        try await withRegistry { registry in
            let (first, second) = (try image(1), try image(2))
            #expect(try await put(first, at: "v1", as: "alice", registry).status == 201)
            #expect(try await put(first, at: "v1", as: "bob", registry).status == 201)
            for name in ["alice", "bob", "admin"] {
                let refusal = try await put(second, at: "v1", as: name, registry)
                #expect(refusal.status == 409)
                #expect(refusal.errorCodes == ["DENIED"])
                #expect(refusal.text.contains("the tag 'v1' can't be moved or deleted here"))
            }
            #expect(try await put(second, at: "latest?tag=v1", as: "alice", registry).status == 409)
            #expect(try await put(first, at: "latest", as: "alice", registry).status == 201)
            #expect(try await put(second, at: "latest", as: "alice", registry).status == 201)
            for reference in ["v1", "\(first.digest())"] {
                let path = "/v2/team/app/manifests/\(reference)"
                #expect(try await registry.call(.DELETE, path, headers: .login("alice")).status == 409)
                let stays = try await registry.call(.GET, path, headers: .login("alice"))
                #expect(stays.body == first.bytes)
            }
            let path = "/v2/team/app/manifests/v1"
            #expect(try await registry.call(.DELETE, path, headers: .login("admin")).status == 202)
            #expect(try await put(second, at: "v1", as: "alice", registry).status == 201)
        }
    }

    @Test("of two who make one at once exactly one does")
    func race() async throws {
        try await withRegistry { registry in
            for round in 0..<10 {
                let replies = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                    for number in 0..<4 {
                        group.addTask {
                            let name = number % 2 == 0 ? "alice" : "bob"
                            return (number, try await put(image(number), at: "v\(round)", as: name, registry).status)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(replies.map(\.1).sorted() == [201, 409, 409, 409])
                let winner = try image(replies.first { $0.1 == 201 }?.0 ?? -1)
                let path = "/v2/team/app/manifests/v\(round)"
                let standing = try await registry.call(.GET, path, headers: .login("bob"))
                #expect(standing.body == winner.bytes)
            }
        }
    }
}
