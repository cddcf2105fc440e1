import Access
import Foundation
import ImageSpec
import NIOHTTP1
import SystemPackage
import Testing

/// What berthd keeps of who did what, and `berth audit`.
@Suite("The audit over HTTP", .timeLimit(.minutes(3)))
struct AuditTests {
    private struct Page: Decodable {
        let entries: [Entry]
    }

    private struct Entry: Decodable {
        let id: Int
        let time: String
        let actor: String?
        let action: String
        let result: String
        let repository: String?
        let reference: String?
        let digest: String?
        let clientAddress: String?
        let requestID: String?
        let detail: String?

        enum CodingKeys: String, CodingKey {
            case id, time, actor, action, result, repository, reference, digest
            case clientAddress = "client_address"
            case requestID = "request_id"
            case detail
        }
    }

    private func withRegistry(
        environment: [String: String] = [:],
        _ body: @escaping @Sendable (RunningRegistry, TestBench, FilePath) async throws -> Void
    ) async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let scope = Scope(try RepositoryPattern("team/**"), [.pull, .push, .delete])
            try await Berthd.addAccounts(in: folder, scopes: [scope])
            let registry = try await Berthd.start(on: bench, folder: folder, environment: environment)
            try await body(registry, bench, folder)
        }
    }

    /// Pushes an image as `name`.
    private func push(to repository: String, _ tag: String, as name: String, _ registry: RunningRegistry) async throws
        -> Manifest
    {
        let config = Array("{}".utf8)
        let uploads = "/v2/\(repository)/blobs/uploads/?digest=\(Digest.of(config))"
        _ = try await registry.call(.POST, uploads, headers: .login(name), body: config)
        let manifest = try Manifest(
            ImageManifest(
                config: Descriptor(mediaType: .ociConfig, content: config),
                layers: [],
                annotations: ["tag": tag]
            )
        )
        var headers = HTTPHeaders.login(name)
        headers.add(name: "content-type", value: manifest.mediaType.rawValue)
        headers.add(name: "x-request-id", value: "push-\(tag)")
        let path = "/v2/\(repository)/manifests/\(tag)"
        let reply = try await registry.call(.PUT, path, headers: headers, body: manifest.bytes)
        #expect(reply.status == 201)
        return manifest
    }

    private func entries(_ query: String, _ registry: RunningRegistry) async throws -> [Entry] {
        let reply = try await registry.call(.GET, "/api/v1/audit?\(query)", headers: .login("admin"))
        #expect(reply.status == 200, "\(reply.text)")
        return try JSONDecoder().decode(Page.self, from: Data(reply.body)).entries
    }

    @Test("tells who pushed, mounted and deleted what, from where and by which request")
    func changes() async throws {
        try await withRegistry { registry, _, _ in
            let image = try await push(to: "team/app", "v1", as: "alice", registry)
            let config = Digest.of(Array("{}".utf8))
            let mount = "/v2/team/other/blobs/uploads/?mount=\(config)&from=team/app"
            #expect(try await registry.call(.POST, mount, headers: .login("bob")).status == 201)
            let tag = "/v2/team/app/manifests/v1"
            #expect(try await registry.call(.DELETE, tag, headers: .login("alice")).status == 202)
            let manifest = "/v2/team/app/manifests/\(image.digest())"
            #expect(try await registry.call(.DELETE, manifest, headers: .login("bob")).status == 202)
            let blob = "/v2/team/app/blobs/\(config)"
            #expect(try await registry.call(.DELETE, blob, headers: .login("bob")).status == 202)

            let kept = try await entries("result=succeeded&repository=team/**", registry).reversed()
            #expect(kept.map(\.action) == ["push", "mount", "delete-tag", "delete-manifest", "delete-blob"])
            #expect(kept.map(\.actor) == ["alice", "bob", "alice", "bob", "bob"])
            let digests = [image.digest(), config, image.digest(), image.digest(), config].map(\.description)
            #expect(kept.map(\.digest) == digests)
            #expect(kept.allSatisfy { $0.clientAddress == "127.0.0.1" && $0.requestID != nil })
            #expect(kept.first?.requestID == "push-v1")
            #expect(kept.first?.reference == "v1")
            let byDigest = try await entries("digest=\(image.digest())&actor=alice", registry)
            #expect(byDigest.map(\.action) == ["delete-tag", "push"])
        }
    }

    @Test("tells whose logins failed and who wanted what they may not, with no secret in it")
    func refusals() async throws {
        try await withRegistry { registry, _, folder in
            let wrong = Data("alice:xyzzy-plugh".utf8).base64EncodedString()
            let misplaced = Data("open-sesame-42:".utf8).base64EncodedString()
            for credential in [wrong, wrong, misplaced] {
                let headers: HTTPHeaders = ["authorization": "Basic \(credential)"]
                #expect(try await registry.call(.GET, "/v2/", headers: headers).status == 401)
            }
            #expect(try await registry.call(.GET, "/v2/secret/tags/list", headers: .login("bob")).status == 404)
            #expect(
                try await registry.call(.POST, "/v2/secret/blobs/uploads/", headers: .login("bob")).status == 403
            )
            #expect(try await registry.call(.GET, "/api/v1/audit", headers: .login("bob")).status == 403)
            // What isn't a change is kept within a moment.
            try await Task.sleep(for: .seconds(1))
            let kept = try await entries("result=denied", registry).reversed()
            #expect(kept.map(\.action) == ["login", "login", "access", "access", "access"])
            #expect(kept.map(\.actor) == ["alice", nil, "bob", "bob", "bob"])
            #expect(kept.compactMap(\.repository) == ["secret", "secret"])
            let all = try await registry.call(.GET, "/api/v1/audit", headers: .login("admin")).text
            for secret in ["xyzzy", "plugh", "sesame", wrong, misplaced, "alice-password", "admin-password"] {
                #expect(!all.contains(secret))
            }
            _ = folder
        }
    }

    @Test("keeps pulls when it shall, what waits when berthd stops, and everything through a restart")
    func restart() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let scope = Scope(try RepositoryPattern("team/**"), [.pull, .push])
            try await Berthd.addAccounts(in: folder, scopes: [scope])
            let environment = ["BERTHD_AUDIT_PULLS": "true"]
            let first = try await Berthd.start(on: bench, folder: folder, environment: environment)
            let image = try await push(to: "team/app", "v1", as: "alice", first)
            let path = "/v2/team/app/manifests/v1"
            #expect(try await first.call(.GET, path, headers: .login("bob")).body == image.bytes)
            await first.process.stop()
            let second = try await Berthd.start(on: bench, folder: folder, environment: environment)
            let kept = try await entries("repository=team/app", second)
            #expect(kept.map(\.action) == ["pull", "push"])
            #expect(kept.map(\.actor) == ["bob", "alice"])
            #expect(kept.first?.digest == image.digest().description)
        }
    }

    @Test("tells what was done to accounts on the server's own machine")
    func localChanges() async throws {
        try await withRegistry { registry, _, folder in
            for command in ["disable", "enable", "remove"] {
                let arguments = ["user", command, "--data", folder.string, "bob"]
                try await BuiltProgram.berthd.command(arguments).output()
            }
            let kept = try await entries("result=succeeded", registry).filter { $0.action != "login" }.reversed()
            #expect(kept.map(\.action) == ["change-account", "change-account", "remove-account"])
            #expect(kept.allSatisfy { $0.reference == "bob" && $0.actor == nil })
            #expect(kept.first?.detail?.hasPrefix("disabled, by berthd user") == true)
        }
    }

    @Test("is for those alone who administer the registry, and says what is wrong with a question")
    func questions() async throws {
        try await withRegistry { registry, _, _ in
            let nobody = try await registry.call(.GET, "/api/v1/audit")
            #expect(nobody.status == 401)
            #expect(nobody.headers.first(name: "www-authenticate")?.hasPrefix("Basic ") == true)
            for query in ["n=0", "n=x", "action=dance", "since=yesterday", "repository=//", "digest=7", "colour=red"] {
                let reply = try await registry.call(.GET, "/api/v1/audit?\(query)", headers: .login("admin"))
                #expect(reply.status == 400, "\(query)")
            }
            for number in 0..<5 { _ = try await push(to: "team/app", "v\(number)", as: "alice", registry) }
            let page = try await registry.call(
                .GET,
                "/api/v1/audit?action=push&n=3",
                headers: .login("admin")
            )
            let next = page.headers.first(name: "link")?.dropFirst().split(separator: ">").first.map(String.init)
            let rest = try await registry.call(.GET, next ?? "", headers: .login("admin"))
            let tags = try [page, rest].flatMap { reply in
                try JSONDecoder().decode(Page.self, from: Data(reply.body)).entries.map(\.reference)
            }
            #expect(tags == ["v4", "v3", "v2", "v1", "v0"])
        }
    }

    @Test("is shown by berth audit, by filters, as JSON, and as it goes on")
    func command() async throws {
        try await withRegistry { registry, bench, _ in
            let berth = try Berth(on: bench)
            let host = "\(registry.host)"
            let refused = try await berth("audit", host).run()
            #expect(refused.status != .exited(0))
            try await berth.login(host, as: "admin", "admin-password").output()
            for number in 0..<3 { _ = try await push(to: "team/app", "v\(number)", as: "alice", registry) }
            _ = try await push(to: "team/other", "w", as: "bob", registry)
            let lines = try await berth("audit", "--action", "push", "-n", "2", host).output().split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.first?.contains("alice  127.0.0.1  push  team/app:v2@sha256:") == true)
            #expect(lines.last?.contains("bob  127.0.0.1  push  team/other:w@sha256:") == true)
            let recent = ["audit", "--json", "--repository", "team/app", "--since", "10m", "--actor", "alice", host]
            let json = try await berth(recent).output().split(separator: "\n")
            let tags = try json.map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)).reference }
            #expect(tags == ["v0", "v1", "v2"])

            let following = try bench.start(berth("audit", "--follow", "-n", "0", "--action", "push", host))
            try await Task.sleep(for: .seconds(2))
            _ = try await push(to: "team/app", "late", as: "bob", registry)
            let line = try await following.line(after: "20")
            #expect(line.contains("Z  bob  127.0.0.1  push  team/app:late@"))
        }
    }
}
