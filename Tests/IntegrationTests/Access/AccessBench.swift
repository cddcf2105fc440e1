import Access
import Foundation
import ImageSpec
import Logging
import NIOHTTP1
import Registry
import Storage
import SystemPackage

/// A berthd with accounts of every kind, and repositories of every kind for them.
///
/// `open/app` is public, `house/app` internal, `secret/app` private, `hub.test/team/app` a private cache of another
/// registry; `secret/nothing` isn't there.
struct AccessBench: Sendable {
    static let password = "correct horse battery staple"

    let server: RunningRegistry
    /// The `Authorization` field of each kind of caller.
    let authorizations: [String: String]
    /// What each of the repositories holds.
    let image: Manifest

    /// What each caller was granted.
    private static let grants: [(caller: String, scope: String)] = [
        ("reader", "**:pull"), ("writer", "**:pull,push"), ("remover", "**:pull,push,delete"),
        ("owner", "**:administer"),
        ("robot", "**:pull,push"), ("guest", "open/**:pull,push"),
    ]

    static func use(_ body: @escaping @Sendable (AccessBench) async throws -> Void) async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench, folder: try bench.makeFolder("hub"))
            try await hub.push(layers: [Array("layer".utf8)], to: "team/app", tag: "latest")
            let folder = try bench.makeFolder("data")
            let authorizations = try await makeAccounts(in: folder)
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

    private static func makeAccounts(in folder: FilePath) async throws -> [String: String] {
        let metadata = try SQLiteMetadataStore(path: folder.appending("registry.sqlite"))
        var configuration = AccessConfiguration()
        configuration.passwordCost = 10
        let access = try await AccessControl(
            metadata: metadata,
            configuration: configuration,
            logger: Logger(label: "test")
        )
        var authorizations = ["wrong": basic("token", "berth_pat_thereisnosuchtoken")]
        for name in ["stranger", "reader", "writer", "remover", "owner", "guest", "root"] {
            let account = try AccountName(name)
            try await access.addPerson(account, password: password, isAdministrator: name == "root")
            authorizations[name] = basic(name, password)
        }
        let robot = try AccountName("robot")
        let secret = try await access.addRobot(robot)
        authorizations["robot"] = basic("robot", secret.secret.text)
        for grant in grants {
            try await access.grant(Grant(.account(try AccountName(grant.caller)), try Scope(grant.scope)))
        }
        let token = try await access.makeToken(
            .personal,
            for: try AccountName("writer"),
            name: "narrow",
            scopes: [try Scope("**:pull")],
            lifetime: nil
        )
        authorizations["token"] = basic("token", token.secret.text)
        try await access.setRule(RepositoryRule(try RepositoryPattern("open/**"), visibility: .public))
        try await access.setRule(RepositoryRule(try RepositoryPattern("house/**"), visibility: .internal))
        try metadata.close()
        return authorizations
    }

    private static func basic(_ name: String, _ password: String) -> String {
        "Basic " + Data("\(name):\(password)".utf8).base64EncodedString()
    }
}
