import FoundationEssentials
import Glibc
import ImageSpec
import NIOHTTP1
import Synchronization
import SystemPackage
import Testing

/// Hubs that want to know who asks: what proves it is the cache's own affair, and no client's.
@Suite("Credentials of upstreams", .timeLimit(.minutes(3)))
struct UpstreamCredentialTests {
    @Test(
        "with the password in a file, tokens are fetched, and clients need none",
        .needs("docker-registry", "openssl", "skopeo", "umoci")
    )
    func tokens() async throws {
        try await TestBench.use { bench in
            try await TokenRegistry.use(on: bench) { hub in
                let pusher = try Berth(on: bench, root: "pusher")
                let pushed = try await pusher.importBusybox(as: hub.registry.name(TokenRegistry.repository))
                try await pusher.login(hub.registry.host.rawValue, as: TokenRegistry.username, TokenRegistry.password)
                    .output()
                try await pusher("push", pushed).output()
                let asked = hub.tokenService.requests.count
                let password = bench.folder.appending("password")
                try write("\(TokenRegistry.password) \n", to: password)
                let endpoint =
                    "{url: 'http://\(hub.registry.host)', username: \(TokenRegistry.username), password_file: \(password)}"
                let cache = try await CachingBerthd.start(on: bench, endpoints: [endpoint])
                let berth = try Berth(on: bench)
                let name = "\(cache.host)/\(cache.repository(TokenRegistry.repository))"
                try await berth("pull", "-q", name).output()
                #expect(try berth.blobs() == pusher.blobs())
                // One token for all that is in one repository.
                #expect(hub.tokenService.requests.count == asked + 1)
                let log = cache.registry.log
                #expect(!log.contains(TokenRegistry.password) && !log.contains(Self.base64("team:let me in")))
            }
        }
    }

    @Test(
        "a wrong password is the upstream's refusal, and the right one counts once it is in the file; what clients send stays"
    )
    func changedFile() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            try await hub.push(layers: [[1]], to: "app", tag: "latest")
            try await FaultProxy.use(before: hub.host) { request in
                Self.letIn(request, ["me:new"])
            } _: { proxy in
                let file = bench.folder.appending("credentials")
                try write("me:old\n", to: file)
                let cache = try await CachingBerthd.start(
                    on: bench,
                    endpoints: ["{url: 'http://\(proxy.host)', credentials_file: \(file)}"]
                )
                let refused = try await cache.manifest("latest", of: "app")
                #expect(refused.status != 200)
                #expect(refused.text.contains("the upstream hub.test refuses"))
                #expect(!refused.text.contains("old"))
                try write("me:new\n", to: file)
                let status = try await poll(within: .seconds(20)) {
                    let reply = try await cache.manifest("latest", of: "app")
                    return reply.status == 200 ? reply.status : nil
                }
                #expect(status == 200)
                // It is right, and the file is gone: what is cached is served.
                unlink(file.string)
                #expect(try await cache.manifest("latest", of: "app").status == 200)
                // What a client sends stays here.
                let client = "Basic \(Self.base64("client:secret"))"
                _ = try await cache.registry.call(
                    .GET,
                    "/v2/\(cache.repository("app"))/manifests/other",
                    headers: ["authorization": client]
                )
                #expect(proxy.requests.contains { $0.uri.hasSuffix("/other") })
                #expect(!proxy.requests.contains { $0.header("Authorization") == client })
            }
        }
    }

    @Test("a program's credential is renewed shortly before it ends, once for all who need it")
    func renewal() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let program = try Rotation(on: bench, lifetime: 8)
            try await FaultProxy.use(before: hub.host) { request in
                Self.letIn(request, [program.current])
            } _: { proxy in
                let tags = ["a", "b", "c", "d", "e", "f"]
                for (number, tag) in tags.enumerated() {
                    try await hub.push(layers: [[UInt8(number)]], to: "app", tag: tag)
                }
                let cache = try await CachingBerthd.start(on: bench, endpoints: [program.endpoint(at: proxy.host)])
                try await expectAll(tags[..<3], of: cache)
                #expect(program.runs == 1)
                // Nine tenths of eight seconds since it was given.
                try await Task.sleep(for: .seconds(7.3))
                proxy.forget()
                try await expectAll(tags[3...], of: cache)
                #expect(program.runs == 2)
                #expect(proxy.requests.allSatisfy { $0.status != .unauthorized })
            }
        }
    }

    @Test("a program's credential that is refused before its end is looked for anew, once, and the request goes on")
    func refusal() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            for tag in ["a", "b"] { try await hub.push(layers: [[1]], to: "app", tag: tag) }
            let program = try Rotation(on: bench, lifetime: 3600)
            try await FaultProxy.use(before: hub.host) { request in
                Self.letIn(request, [program.valid])
            } _: { proxy in
                let cache = try await CachingBerthd.start(on: bench, endpoints: [program.endpoint(at: proxy.host)])
                #expect(try await cache.manifest("a", of: "app").status == 200)
                // A look that was just made would not be made again.
                try await Task.sleep(for: .seconds(6))
                program.revoke()
                #expect(try await cache.manifest("b", of: "app").status == 200)
                #expect(program.runs == 2)
            }
        }
    }

    @Test("a program that fails isn't run for each request, and what it gave before is used until its end")
    func failingProgram() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            for tag in ["a", "b", "c"] { try await hub.push(layers: [[1]], to: "app", tag: tag) }
            let program = try Rotation(on: bench, lifetime: 20)
            try await FaultProxy.use(before: hub.host) { request in
                Self.letIn(request, ["user:p 1"])
            } _: { proxy in
                let cache = try await CachingBerthd.start(on: bench, endpoints: [program.endpoint(at: proxy.host)])
                #expect(try await cache.manifest("a", of: "app").status == 200)
                try program.fail()
                try await Task.sleep(for: .seconds(18.1))
                #expect(try await cache.manifest("b", of: "app").status == 200)
                #expect(try await cache.manifest("c", of: "app").status == 200)
                #expect(program.runs == 2)
                #expect(cache.registry.log.contains("it ended with status 9"))
                #expect(!cache.registry.log.contains("p 1"))
            }
        }
    }

    @Test("docker's credential helpers are asked for the endpoint's host")
    func helper() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            try await hub.push(layers: [[1]], to: "app", tag: "latest")
            try await FaultProxy.use(before: hub.host) { request in
                Self.letIn(request, ["user:kept"])
            } _: { proxy in
                let helper = try FakeHelper(on: bench)
                var store = helper.run(Command("env", "docker-credential-fake", "store"))
                store.input = .bytes(Array(#"{"ServerURL":"\#(proxy.host)","Username":"user","Secret":"kept"}"#.utf8))
                try await store.output()
                let cache = try await CachingBerthd.start(
                    on: bench,
                    endpoints: ["{url: 'http://\(proxy.host)', credential_helper: fake}"],
                    environment: helper.run(Command("env")).environment
                )
                #expect(try await cache.manifest("latest", of: "app").status == 200)
            }
        }
    }

    private func expectAll(_ tags: some Collection<String> & Sendable, of cache: CachingBerthd) async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for tag in tags { group.addTask { try await cache.manifest(tag, of: "app").status } }
            for try await status in group { #expect(status == 200) }
        }
    }

    /// Lets in those whose `user:password` is one of `known`.
    private static func letIn(_ request: ProxiedRequest, _ known: [String]) -> Fault {
        known.contains { request.header("Authorization") == "Basic \(base64($0))" }
            ? .none : .answer(.unauthorized, ("WWW-Authenticate", "Basic realm=hub"))
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}
