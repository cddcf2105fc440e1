import ImageSpec
import NIOHTTP1
import RegistryClient
import SystemPackage
import Testing

/// The ways to an upstream.
@Suite("Connections to upstreams", .timeLimit(.minutes(3)))
struct UpstreamConnectionTests {
    @Test(
        "a hub behind TLS proves who it is by an authority of our own, and we by our certificate, or it isn't asked",
        .needs("docker-registry", "openssl")
    )
    func security() async throws {
        try await TestBench.use { bench in
            let authority = try await TestAuthority(on: bench)
            let stranger = try await TestAuthority(on: bench, named: "stranger")
            let client = try await authority.issue("client")
            let hub = try await startSecureHub(on: bench, by: authority, client: client)
            let image = try LayeredImage(sizes: [300_000])
            try await image.push(to: "app", by: secureClient(of: hub.host, authority, client))

            let ours = "client_certificate: \(client.certificate), client_key: \(client.key)"
            let trusting = "certificate_authorities: [\(authority.certificate)]"
            let cases = [
                ("nothing", "", "nobody who is trusted here vouches for its certificate"),
                (
                    "stranger", "certificate_authorities: [\(stranger.certificate)], \(ours)",
                    "nobody who is trusted here"
                ),
                ("nobody", trusting, "certificate of its clients"),
                ("all", "\(trusting), \(ours)", nil),
                ("blind", "skip_verify: true, \(ours)", nil),
            ]
            for (name, settings, failure) in cases {
                let endpoint = "{url: 'https://\(hub.host)'\(settings.isEmpty ? "" : ", \(settings)")}"
                let cache = try await CachingBerthd.start(on: bench, endpoints: [endpoint], folder: name)
                let reply = try await cache.manifest("latest", of: "app")
                if let failure {
                    #expect(reply.status == 502, "\(name)")
                    #expect(reply.text.contains(failure), "\(name): \(reply.text)")
                } else {
                    #expect(reply.body == image.manifest.bytes, "\(name): \(reply.text)")
                    #expect(try await cache.blob(.of(image.layers[0]), of: "app").body.elementsEqual(image.layers[0]))
                }
                await cache.registry.process.stop()
            }
        }
    }

    @Test("a certificate that can't be read keeps the server from starting, and is named")
    func unreadableCertificate() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("berthd.yaml")
            try write(
                "upstreams: {hub.test: {endpoints: [{url: hub.test, certificate_authorities: [/no/such.pem]}]}}\n",
                to: file
            )
            let data = try bench.makeFolder("data")
            let serve = BuiltProgram.berthd.command(
                ["serve", "--listen", "127.0.0.1:0", "--data", data.string, "--config", file.string]
            )
            let result = try await serve.run()
            #expect(result.status == .exited(1))
            #expect(result.errorText.contains("/no/such.pem can't be used"))
        }
    }

    @Test(
        "a proxy leads to hubs in plain HTTP and over TLS, and nothing goes around it",
        .needs("docker-registry", "openssl", "tinyproxy"),
        arguments: [false, true]
    )
    func proxy(isSecure: Bool) async throws {
        try await TestBench.use { bench in
            let authority = try await TestAuthority(on: bench)
            let client = try await authority.issue("client")
            let image = try LayeredImage(sizes: [2 << 20])
            let hub: RunningRegistry
            var settings = ""
            if isSecure {
                hub = try await startSecureHub(on: bench, by: authority, client: client)
                try await image.push(to: "app", by: secureClient(of: hub.host, authority, client))
                settings =
                    ", certificate_authorities: [\(authority.certificate)], client_certificate: \(client.certificate), "
                    + "client_key: \(client.key)"
            } else {
                hub = try await DockerRegistry.start(on: bench)
                try await image.push(to: "app", at: hub.host)
            }
            let proxy = try await Tinyproxy.start(on: bench)
            let scheme = isSecure ? "https" : "http"
            let cache = try await CachingBerthd.start(
                on: bench,
                endpoints: ["{url: '\(scheme)://\(hub.host)', proxy: 'http://\(proxy.host)'\(settings)}"]
            )
            #expect(try await cache.manifest("latest", of: "app").body == image.manifest.bytes)
            #expect(try await cache.blob(.of(image.layers[0]), of: "app").body.elementsEqual(image.layers[0]))
            #expect(proxy.log.contains("CONNECT \(hub.host)"))
            await proxy.process.stop()
            #expect(try await cache.manifest("other", of: "app").status == 502)
        }
    }

    @Test(
        "more requests than requests_per_second lets through wait, then are told so; what is cached is served meanwhile"
    )
    func requestRate() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            try await hub.push(layers: [[1]], to: "app", tag: "latest")
            try await FaultProxy.use(before: hub.host) { _ in
                .none
            } _: { proxy in
                let cache = try await CachingBerthd.start(
                    on: bench,
                    endpoints: ["{url: 'http://\(proxy.host)', requests_per_second: 0.5}"],
                    settings: "tag_ttl: 1s"
                )
                #expect(try await cache.manifest("latest", of: "app").status == 200)
                try await Task.sleep(for: .seconds(4))
                proxy.forget()
                let start = ContinuousClock.now
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<7 {
                        group.addTask {
                            let reply = try await cache.manifest("other-\(number)", of: "app")
                            if reply.status == 429 { #expect(reply.headers.contains(name: "retry-after")) }
                            return reply.status
                        }
                    }
                    try await Task.sleep(for: .milliseconds(500))
                    let began = ContinuousClock.now
                    let latest = try await cache.manifest("latest", of: "app")
                    #expect(latest.status == 200 && latest.headers.contains(name: "warning"))
                    #expect(ContinuousClock.now - began < .seconds(2))
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses.count { $0 == 404 } >= 2 && statuses.count { $0 == 429 } >= 2, "\(statuses)")
                // One more after a pause, then one every two seconds.
                let seconds = (ContinuousClock.now - start) / .seconds(1)
                #expect(Double(proxy.requests.count) <= 2 + seconds / 2)
            }
        }
    }

    @Test("bytes come no faster than bytes_per_second, over one connection for each byte")
    func byteRate() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let content = pseudorandomBytes(9 << 19)
            let digest = try await hub.push(content, to: "app")
            try await FaultProxy.use(before: hub.host) { _ in
                .none
            } _: { proxy in
                let cache = try await CachingBerthd.start(
                    on: bench,
                    endpoints: ["{url: 'http://\(proxy.host)', bytes_per_second: 512KiB}"]
                )
                let start = ContinuousClock.now
                #expect(try await cache.blob(digest, of: "app").body.elementsEqual(content))
                #expect((7.0...40).contains((ContinuousClock.now - start) / .seconds(1)))
                #expect(proxy.pulledBytes == content.count)
            }
        }
    }

    @Test(
        "several upstreams stand beside local repositories: the longest prefix wins, and pushes go to local ones alone",
        .needs("docker-registry", "skopeo", "umoci")
    )
    func several() async throws {
        let busybox = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let (one, two) = (try await DockerRegistry.start(on: bench), try await Berthd.start(on: bench))
            let (first, second) = (try LayeredImage(sizes: [5000]), try LayeredImage(sizes: [6000]))
            try await first.push(to: "library/app", at: one.host)
            for repository in ["team/app", "other/app"] { try await second.push(to: repository, at: two.host) }
            let file = bench.folder.appending("berthd.yaml")
            try write(
                """
                upstreams:
                  one.test:
                    endpoints: ["http://\(one.host)"]
                  two.test:5000:
                    prefix: one.test/special
                    path: team
                    endpoints: ["http://\(two.host)"]

                """,
                to: file
            )
            let cache = try await Berthd.start(
                on: bench,
                folder: bench.makeFolder("cache"),
                arguments: ["--config", file.string]
            )
            func manifest(_ path: String) async throws -> [UInt8]? {
                let reply = try await cache.call(.GET, "/v2/\(path)", headers: ["accept": "*/*"])
                return reply.status == 200 ? reply.body : nil
            }
            #expect(try await manifest("one.test/library/app/manifests/latest") == first.manifest.bytes)
            #expect(try await manifest("one.test/special/app/manifests/latest") == second.manifest.bytes)
            #expect(try await manifest("team/app/manifests/latest?ns=two.test:5000") == second.manifest.bytes)
            #expect(try await manifest("other/app/manifests/latest?ns=two.test:5000") == nil)

            let local = "docker://\(cache.name("mine/busybox"))"
            try await Skopeo.copy(busybox.ociName, to: local, "--preserve-digests")
            #expect(try await Skopeo.manifest(of: local) == Skopeo.manifest(of: busybox.ociName))
            for repository in ["one.test/library/app", "one.test/special/app", "one.test/new"] {
                let error = await #expect(throws: CommandError.self) {
                    try await Skopeo.copy(busybox.ociName, to: "docker://\(cache.name(repository))")
                }
                let upstream = repository.contains("special") ? "two.test:5000" : "one.test"
                #expect(error.map { "\($0)".contains("is a cache of \(upstream)") } == true, "\(error as Any)")
            }
        }
    }

    private func startSecureHub(
        on bench: TestBench,
        by authority: TestAuthority,
        client: TestAuthority.Pair
    ) async throws -> RunningRegistry {
        let pair = try await authority.issue("server")
        return try await DockerRegistry.start(
            on: bench,
            httpSettings:
                "tls: {certificate: \(pair.certificate), key: \(pair.key), clientcas: [\(authority.certificate)]}"
        )
    }

    private func secureClient(
        of host: RegistryHost,
        _ authority: TestAuthority,
        _ client: TestAuthority.Pair
    ) throws -> RegistryClient {
        var endpoint = try RegistryEndpoint(host, scheme: .https)
        endpoint.security.authorities = [authority.certificate]
        endpoint.security.clientCertificate = .init(certificate: client.certificate, key: client.key)
        return try RegistryClient(registry: host, at: endpoint)
    }
}
