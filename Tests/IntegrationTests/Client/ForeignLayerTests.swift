import Credentials
import ImageSpec
import NIOCore
import RegistryClient
import SystemPackage
import Testing

/// Layers that a manifest names by addresses elsewhere, and that need not be in the registry.
@Suite("Foreign layers", .timeLimit(.minutes(3)), .needs("docker-registry", "openssl"))
struct ForeignLayerTests {
    @Test("a foreign layer that the registry lacks is fetched from its own address, and goes to where it may")
    func pull() async throws {
        try await Self.use { bench, berth, registry, elsewhere in
            let image = try ForeignImage()
            let blob = try await image.publish(at: elsewhere)
            try await image.push(urls: ["https://127.0.0.1:1/nobody", blob], to: registry)
            let name = registry.name("app")
            try await berth("pull", name).output()

            let other = registry.name("other")
            try await berth("tag", name, other).output()
            #expect(try await berth("push", other).output().contains(": Skipped foreign layer"))
            #expect(try await berth("copy", name, registry.name("third")).output().contains(": Skipped foreign layer"))
            try await berth("copy", name, "oci:\(bench.folder)/layout:1").output()
            #expect(try await Self.has(image.layer, in: "other", at: registry) == false)

            try berth.configure("allow_nondistributable_artifacts: [\"\(registry.host)\"]\n")
            try await berth("push", other).output()
            #expect(try await Self.has(image.layer, in: "other", at: registry))
            try await berth("copy", registry.name("third"), registry.name("fourth")).output()
            #expect(try await Self.has(image.layer, in: "fourth", at: registry))
            #expect(try await berth("digest", registry.name("fourth")).output() == berth("digest", name).output())
        }
    }

    @Test("a foreign layer comes from the registry when that has it")
    func registryFirst() async throws {
        try await Self.use { bench, berth, registry, _ in
            let image = try ForeignImage()
            try await image.pushLayer(to: registry)
            try await image.push(urls: ["http://127.0.0.1:1/nobody"], to: registry)
            try await berth("pull", registry.name("app")).output()
        }
    }

    @Test("other addresses than https ones are not asked")
    func addresses() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let berth = try Berth(on: bench)
            let image = try ForeignImage()
            try await ScriptedRegistry.use { _ in
                ScriptedAnswer(body: image.content)
            } _: { plain in
                for url in [
                    "http://\(plain.host)/layer", "HTTP://\(plain.host)/layer", "file:///etc/passwd",
                    "//\(plain.host)/layer",
                    "ftp://\(plain.host)/layer", "https://me:secret@\(plain.host)/", "https:///layer", "not an address",
                ] {
                    try await image.push(urls: [url], to: registry)
                    let result = try await berth("pull", registry.name("app")).run()
                    #expect(result.status == .exited(1), "\(url)")
                    #expect(
                        result.errorText.contains("that should be an https address without a user"),
                        "\(url): \(result.errorText)"
                    )
                    #expect(result.errorText.split(separator: "\n").count == 1)
                }
                #expect(plain.requests.isEmpty)
            }
            #expect(try await berth("images", "-q").output().isEmpty)
        }
    }

    @Test("what isn't at a foreign layer's address, or is another thing there, ends the pull")
    func wrongContent() async throws {
        try await Self.use { bench, berth, registry, elsewhere in
            let image = try ForeignImage()
            let other = try await ForeignImage().publish(at: elsewhere)
            let missing = "https://\(elsewhere.host)/v2/elsewhere/blobs/\(Digest.of("missing".utf8))"
            for (urls, reason) in [
                ([missing], "status 404"), ([other], "should be \(image.layer.digest)"),
                ([missing, other], "should be \(image.layer.digest)"),
            ] {
                try await image.push(urls: urls, to: registry)
                let result = try await berth("pull", registry.name("app")).run()
                #expect(result.status == .exited(1) && result.errorText.contains(reason), "\(result.errorText)")
                #expect(result.errorText.split(separator: "\n").count == 1)
            }
            #expect(try await berth("images", "-q").output().isEmpty)
        }
    }

    @Test("the address of a foreign layer learns nothing of who we are, even when it is the registry")
    func anonymous() async throws {
        try await TestBench.use { bench in
            let authority = try await TestAuthority(on: bench)
            let pair = try await authority.issue("server")
            let tls = "tls: {certificate: \(pair.certificate), key: \(pair.key)}"
            let registry = try await PasswordRegistry.start(on: bench, settings: Self.settings, httpSettings: tls)
            let berth = try Berth(on: bench)
            try await Self.trust(authority, as: registry, berth)
            let (user, password) = (PasswordRegistry.username, PasswordRegistry.password)
            try await berth.login("\(registry.host)", as: user, password).output()
            let credential = Credential.password(username: user, password: password)
            let image = try ForeignImage()
            let secret = try await image.publish(at: registry, credential)
            try await image.push(urls: [secret], to: registry, credential)
            let result = try await berth("pull", registry.name("app")).run()
            #expect(result.status == .exited(1) && result.errorText.contains("elsewhere/blobs/\(image.layer.digest)"))
            #expect(result.errorText.hasSuffix(": status 401\n"), "\(result.errorText)")
        }
    }

    /// Distribution's registry wants to be told that it may take them.
    private static let settings = "validation: {manifests: {urls: {allow: ['.*']}}}"

    /// Two registries over TLS, one of them the place of foreign layers.
    private static func use(
        _ body: @Sendable (TestBench, Berth, RunningRegistry, RunningRegistry) async throws -> Void
    ) async throws {
        try await TestBench.use { bench in
            let authority = try await TestAuthority(on: bench)
            let pair = try await authority.issue("server")
            let tls = "tls: {certificate: \(pair.certificate), key: \(pair.key)}"
            let berth = try Berth(on: bench)
            var registries: [RunningRegistry] = []
            for _ in 0..<2 {
                let registry = try await DockerRegistry.start(on: bench, settings: settings, httpSettings: tls)
                try await trust(authority, as: registry, berth)
                registries.append(registry)
            }
            try await body(bench, berth, registries[0], registries[1])
        }
    }

    private static func trust(_ authority: TestAuthority, as registry: RunningRegistry, _ berth: Berth) async throws {
        let folder = berth.home.appending(".config/docker/certs.d/\(registry.host)")
        try makeFolder(folder)
        try await Command("cp", authority.certificate.string, folder.appending("ca.crt").string).output()
    }

    private static func has(
        _ blob: Descriptor,
        in repository: String,
        at registry: RunningRegistry
    ) async throws -> Bool {
        try await ForeignImage.client(of: registry).hasBlob(blob.digest, in: RepositoryName(repository))
    }
}

/// An image of one foreign layer.
private struct ForeignImage: Sendable {
    let content: [UInt8]
    let config: [UInt8]
    let layer: Descriptor

    init() throws {
        content = [UInt8](repeating: 0, count: 1024) + pseudorandomBytes(300_000, seed: .random(in: 0 ... .max))
        layer = Descriptor(
            mediaType: try MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar"),
            content: content
        )
        config = try canonicalJSON(ImageConfig(platform: .host, diffIDs: [layer.digest]))
    }

    func manifest(urls: [String]) throws -> Manifest {
        var foreign = layer
        foreign.urls = urls
        return try Manifest(
            ImageManifest(config: Descriptor(mediaType: .ociConfig, content: config), layers: [foreign])
        )
    }

    static func client(of registry: RunningRegistry, _ credential: Credential? = nil) async throws -> RegistryClient {
        var configuration = RegistryClient.Configuration()
        configuration.credentials = { _, _ in credential }
        var registries = Registries(configuration: configuration)
        registries.insecureRegistries = [registry.host]
        return try await registries.client(for: registry.host)
    }

    /// Puts the layer where it can be had.
    func publish(at place: RunningRegistry, _ credential: Credential? = nil) async throws -> String {
        try await Self.put(content, to: "elsewhere", at: place, credential)
        return "https://\(place.host)/v2/elsewhere/blobs/\(layer.digest)"
    }

    func pushLayer(to registry: RunningRegistry) async throws {
        try await Self.put(content, to: "app", at: registry)
    }

    /// Puts the image into a registry as `app`, without its layer.
    func push(urls: [String], to registry: RunningRegistry, _ credential: Credential? = nil) async throws {
        try await Self.put(config, to: "app", at: registry, credential)
        let client = try await Self.client(of: registry, credential)
        try await client.push(manifest(urls: urls), as: .tag(.latest), to: RepositoryName("app"))
    }

    private static func put(
        _ content: [UInt8],
        to repository: String,
        at registry: RunningRegistry,
        _ credential: Credential? = nil
    ) async throws {
        _ = try await client(of: registry, credential).push(
            Descriptor(mediaType: .octetStream, content: content),
            to: RepositoryName(repository)
        ) { start in
            AsyncStream { stream in
                stream.yield(ByteBuffer(bytes: content[Int(start)...]))
                stream.finish()
            }
        }
    }
}
