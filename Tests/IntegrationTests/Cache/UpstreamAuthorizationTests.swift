import ImageSpec
import NIOHTTP1
import Testing

/// An upstream that decides who may read what is cached of it.
@Suite("Readers whom the upstream judges", .timeLimit(.minutes(2)), .needs("docker-registry"))
struct UpstreamAuthorizationTests {
    private static let reader = "Basic dGVhbTpsZXQgbWUgaW4="  // team:let me in
    private static let stranger = "Basic dGVhbTpndWVzc2Vk"  // team:guessed

    /// A hub that knows one user, and a cache whose own login is that user's, too.
    private func withCache(
        top: String = "",
        _ body: @escaping @Sendable (RunningRegistry, FaultProxy, CachingBerthd, Manifest) async throws -> Void
    ) async throws {
        try await TestBench.use { bench in
            let hub = try await PasswordRegistry.start(on: bench)
            let pusher = try Berth(on: bench, root: "pusher")
            let image = try await pusher.importBusybox(as: hub.name("team/app"))
            try await pusher.login(hub.host.rawValue, as: PasswordRegistry.username, PasswordRegistry.password).output()
            try await pusher("push", "-q", image).output()
            let headers: HTTPHeaders = [
                "authorization": Self.reader, "accept": MediaType.manifests.map(\.rawValue).joined(separator: ", "),
            ]
            let reply = try await hub.call(.GET, "/v2/team/app/manifests/latest", headers: headers)
            let manifest = try Manifest(parsing: reply.body)
            try await FaultProxy.use(before: hub.host) { _ in
                .none
            } _: { proxy in
                let file = bench.folder.appending("credentials")
                try write("\(PasswordRegistry.username):\(PasswordRegistry.password)\n", to: file)
                let cache = try await CachingBerthd.start(
                    on: bench,
                    endpoints: ["{url: 'http://\(proxy.host)', credentials_file: \(file)}"],
                    settings: "authorize: upstream",
                    top: top
                )
                try await body(hub, proxy, cache, manifest)
            }
        }
    }

    private func get(_ path: String, from cache: CachingBerthd, as authorization: String?) async throws -> Reply {
        var headers: HTTPHeaders = ["accept": MediaType.manifests.map(\.rawValue).joined(separator: ", ")]
        if let authorization { headers.add(name: "authorization", value: authorization) }
        return try await cache.registry.call(.GET, "/v2/\(path)", headers: headers)
    }

    @Test("get what the upstream lets them have, from the cache; others get nothing of it, cached or not")
    func judged() async throws {
        try await withCache { _, proxy, cache, manifest in
            let path = "hub.test/team/app/manifests/latest"
            for authorization in [nil, Self.stranger] {
                let refused = try await get(path, from: cache, as: authorization)
                #expect(refused.status == 401)
                #expect(refused.headers.first(name: "www-authenticate")?.hasPrefix("Basic ") == true)
            }
            let allowed = try await get(path, from: cache, as: Self.reader)
            #expect(allowed.status == 200)
            #expect(allowed.body == manifest.bytes)
            guard case .image(let image) = manifest.content else { return }
            let blob = "hub.test/team/app/blobs/\(image.layers[0].digest)"
            let layer = try await get(blob, from: cache, as: Self.reader)
            #expect(Digest.of(layer.body) == image.layers[0].digest)
            // All of it is cached now; who may not have it may not all the same.
            for secret in [
                path, blob, "hub.test/team/app/tags/list", "hub.test/team/app/referrers/\(manifest.digest())",
            ] {
                for authorization in [nil, Self.stranger] {
                    let refused = try await get(secret, from: cache, as: authorization)
                    #expect(refused.status == 401, "\(secret)")
                }
            }
            let catalog = try await get("_catalog", from: cache, as: nil)
            #expect(catalog.text == #"{"repositories":[]}"#)
            let mount = try await cache.registry.call(
                .POST,
                "/v2/mine/blobs/uploads/?mount=\(image.layers[0].digest)&from=hub.test/team/app"
            )
            #expect(mount.status != 201)
            // The same reader is let in again without the upstream being asked.
            proxy.forget()
            let again = try await get(path, from: cache, as: Self.reader)
            #expect(again.status == 200)
            #expect(proxy.requests.isEmpty)
        }
    }

    @Test("are told of what they ask for, and not of what they asked for at the same time")
    func atOnce() async throws {
        try await withCache { _, _, cache, _ in
            try await withThrowingTaskGroup(of: (Bool, Int).self) { group in
                for number in 0..<20 {
                    let isThere = number == 10
                    let path = "hub.test/team/app/manifests/\(isThere ? "latest" : "none-\(number)")"
                    group.addTask { (isThere, try await get(path, from: cache, as: Self.reader).status) }
                }
                for try await (isThere, status) in group { #expect(status == (isThere ? 200 : 404)) }
            }
        }
    }

    @Test("log in with berth and pull as ever")
    func berth() async throws {
        try await TestBench.use { bench in
            let outer = bench
            try await withCache { _, _, cache, _ in
                let berth = try Berth(on: outer)
                let name = "\(cache.host)/hub.test/team/app"
                let anonymous = try await berth("pull", "-q", name).run()
                #expect(anonymous.status != .exited(0))
                try await berth.login(cache.host.rawValue, as: PasswordRegistry.username, PasswordRegistry.password)
                    .output()
                let pulled = try await berth("pull", "-q", name).run()
                #expect(pulled.status == .exited(0), "\(pulled.errorText)")
            }
        }
    }

    @Test("log in with docker, when the server asks as docker needs it", .needs("dockerd"))
    func docker() async throws {
        try await TestBench.use { bench in
            let engine = try await DockerEngine.start(on: bench)
            try await withCache(top: "challenge: basic\n") { _, _, cache, _ in
                let name = "\(cache.host)/hub.test/team/app"
                let anonymous = try await engine("pull", name).run()
                #expect(anonymous.status != .exited(0))
                let login = { (password: String) in
                    var command = engine(
                        "login",
                        "--username",
                        PasswordRegistry.username,
                        "--password-stdin",
                        cache.host.rawValue
                    )
                    command.input = .bytes(Array(password.utf8))
                    return command
                }
                // Only the upstream can tell, when something is wanted.
                try await login("guessed").output()
                let guessed = try await engine("pull", name).run()
                #expect(guessed.status != .exited(0))
                try await login(PasswordRegistry.password).output()
                let pulled = try await engine("pull", name).run()
                #expect(pulled.status == .exited(0), "\(pulled.errorText)")
            }
        }
    }
}
