import Access
import ImageSpec
import NIOHTTP1

/// A berthd with accounts of every kind, and repositories of every kind for them.
///
/// `open/app` is public, `house/app` internal, `secret/app` private, `hub.test/team/app` a private cache of another
/// registry; `secret/nothing` isn't there.
struct AccessBench: Sendable {
    let server: RunningRegistry
    /// The `Authorization` field of each kind of caller.
    let authorizations: [String: String]
    /// What each of the repositories holds.
    let image: Manifest

    static func use(_ body: @escaping @Sendable (AccessBench) async throws -> Void) async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench, folder: try bench.makeFolder("hub"))
            try await hub.push(layers: [Array("layer".utf8)], to: "team/app", tag: "latest")
            let folder = try bench.makeFolder("data")
            let authorizations = try await TestAccounts.make(in: folder)
            let configuration = bench.folder.appending("berthd.yaml")
            try write(
                "upstreams:\n  hub.test:\n    endpoints: ['http://\(hub.host)']\n    prefetch: 0\n",
                to: configuration
            )
            let server = try await Berthd.start(
                on: bench,
                folder: folder,
                arguments: ["--config", configuration.string]
            )
            try await body(AccessBench(server: server, authorizations: authorizations))
        }
    }

    private init(server: RunningRegistry, authorizations: [String: String]) async throws {
        self.server = server
        self.authorizations = authorizations
        var image: Manifest?
        for repository in ["open/app", "house/app", "secret/app"] {
            image = try await Self.push(to: repository, server, authorizations["root"] ?? "")
        }
        guard let image else { throw AccessError.invalidName("no repository") }
        self.image = image
    }

    /// The headers of a caller's request.
    func headers(of caller: String) -> HTTPHeaders {
        authorizations[caller].map { ["authorization": $0] } ?? [:]
    }

    /// Pushes the image that is everywhere, or another with its own annotation.
    @discardableResult
    static func push(
        to repository: String,
        _ server: RunningRegistry,
        _ authorization: String,
        annotation: String? = nil
    ) async throws -> Manifest {
        let contents = ["{}", "layer"].map { Array($0.utf8) }
        for content in contents {
            let reply = try await server.call(
                .POST,
                "/v2/\(repository)/blobs/uploads/?digest=\(Digest.of(content))",
                headers: ["authorization": authorization],
                body: content
            )
            guard reply.status == 201 else { throw UnexpectedReply(reply: reply) }
        }
        let manifest = try Manifest(
            ImageManifest(
                config: Descriptor(mediaType: .ociConfig, content: contents[0]),
                layers: [Descriptor(mediaType: .ociLayer, content: contents[1])],
                annotations: annotation.map { ["name": $0] } ?? [:]
            )
        )
        let reply = try await server.call(
            .PUT,
            "/v2/\(repository)/manifests/\(annotation == nil ? "latest" : manifest.digest().description)",
            headers: ["authorization": authorization, "content-type": manifest.mediaType.rawValue],
            body: manifest.bytes
        )
        guard reply.status == 201 else { throw UnexpectedReply(reply: reply) }
        return manifest
    }
}
