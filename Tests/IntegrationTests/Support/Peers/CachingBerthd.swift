import ImageSpec
import SystemPackage

/// A `berthd` that caches what a hub has, under `hub.test/`.
struct CachingBerthd: Sendable {
    static let upstream = "hub.test"

    let folder: FilePath
    let registry: RunningRegistry
    private let configuration: FilePath

    /// - Parameters:
    ///   - endpoints: the hub's addresses, the first one trusted; each an address or a mapping in YAML's flow style.
    ///   - settings: more lines for the upstream, each ended.
    ///   - top: more lines for the server, each ended.
    static func start(
        on bench: TestBench,
        endpoints: [String],
        settings: String = "",
        top: String = "",
        folder name: String = "cache",
        environment: [String: String] = [:]
    ) async throws -> CachingBerthd {
        let folder = try bench.makeFolder(name)
        let configuration = bench.folder.appending("\(name).yaml")
        let lines = endpoints.map { "      - \($0)\n" }.joined()
        let indented = settings.split(separator: "\n").map { "    \($0)\n" }.joined()
        try write("\(top)upstreams:\n  \(upstream):\n    endpoints:\n\(lines)\(indented)", to: configuration)
        return try await CachingBerthd(
            on: bench,
            folder: folder,
            configuration: configuration,
            environment: environment
        )
    }

    private init(
        on bench: TestBench,
        folder: FilePath,
        configuration: FilePath,
        environment: [String: String] = [:]
    ) async throws {
        self.folder = folder
        self.configuration = configuration
        registry = try await Berthd.start(
            on: bench,
            folder: folder,
            arguments: ["--config", configuration.string],
            environment: environment
        )
    }

    /// The same one started again, after it was ended.
    func startAgain(on bench: TestBench) async throws -> CachingBerthd {
        try await CachingBerthd(on: bench, folder: folder, configuration: configuration)
    }

    var host: RegistryHost { registry.host }

    /// How the repository that the hub calls `repository` is called here.
    func repository(_ repository: String) -> String { "\(Self.upstream)/\(repository)" }

    /// Fetches a blob whole.
    func blob(_ digest: Digest, of repository: String, range: String? = nil) async throws -> Reply {
        try await registry.call(
            .GET,
            "/v2/\(self.repository(repository))/blobs/\(digest)",
            headers: range.map { ["range": $0] } ?? [:]
        )
    }

    func manifest(_ reference: String, of repository: String) async throws -> Reply {
        try await registry.call(
            .GET,
            "/v2/\(self.repository(repository))/manifests/\(reference)",
            headers: ["accept": MediaType.manifests.map(\.rawValue).joined(separator: ", ")]
        )
    }
}
