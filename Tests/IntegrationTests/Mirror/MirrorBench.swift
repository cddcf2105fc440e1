import FoundationEssentials
import ImageSpec
import RegistryClient
import SystemPackage

/// A source, a destination and a client that mirrors from one to the other.
struct MirrorBench: Sendable {
    let bench: TestBench
    let source: RunningRegistry
    let destination: RunningRegistry
    let berth: Berth

    init(
        on bench: TestBench,
        from sourceKind: RegistryUnderTest = .berthd,
        to destinationKind: RegistryUnderTest = .berthd,
        destinationEnvironment: [String: String] = [:]
    ) async throws {
        self.bench = bench
        source = try await Self.start(sourceKind, "source", bench, [:])
        destination = try await Self.start(destinationKind, "destination", bench, destinationEnvironment)
        berth = try Berth(on: bench)
    }

    private static func start(
        _ kind: RegistryUnderTest,
        _ name: String,
        _ bench: TestBench,
        _ environment: [String: String]
    ) async throws -> RunningRegistry {
        switch kind {
        case .berthd: try await Berthd.start(on: bench, folder: bench.makeFolder(name), environment: environment)
        case .dockerRegistry: try await DockerRegistry.start(on: bench)
        }
    }

    /// Pushes a new image to the source, under some tags.
    @discardableResult
    func push(_ repository: String, _ tags: String..., sizes: [Int] = [20_000]) async throws -> LayeredImage {
        let image = try LayeredImage(sizes: sizes)
        try await image.push(to: repository, at: source.host)
        for tag in tags where tag != "latest" { try await self.tag(image, repository, tag, at: source) }
        return image
    }

    func tag(_ image: LayeredImage, _ repository: String, _ tag: String, at registry: RunningRegistry) async throws {
        try await RegistryClient(registry: registry.host)
            .push(image.manifest, as: .tag(Tag(tag)), to: RepositoryName(repository))
    }

    /// Writes a plan; `SOURCE` and `DESTINATION` in it stand for the registries.
    func plan(_ yaml: String, source: RegistryHost? = nil, destination: RegistryHost? = nil) throws -> String {
        let path = bench.folder.appending("plan.yaml")
        let text = yaml.replacing("SOURCE", with: "\(source ?? self.source.host)")
            .replacing("DESTINATION", with: "\(destination ?? self.destination.host)")
        try write(text, to: path)
        return path.string
    }

    /// Runs `berth mirror` and reads its report.
    func mirror(_ arguments: String..., expecting status: Int32 = 0) async throws -> MirrorRun {
        let result = try await berth(["mirror", "--format", "json"] + arguments).run()
        guard result.status == .exited(status) else {
            throw MirrorRun.Unexpected(
                text: "\(result.status): \(String(decoding: result.standardOutput, as: UTF8.self))\(result.errorText)"
            )
        }
        return try JSONDecoder().decode(MirrorRun.self, from: Data(result.standardOutput))
    }

    func tags(_ repository: String) async throws -> [String] {
        try await RegistryClient(registry: destination.host).tags(of: RepositoryName(repository)).map(\.rawValue)
            .sorted()
    }

    func digest(_ repository: String, _ tag: String, at registry: RunningRegistry) async throws -> Digest? {
        try await RegistryClient(registry: registry.host).manifestDigest(.tag(Tag(tag)), in: RepositoryName(repository))
    }
}

/// The report of one run.
struct MirrorRun: Decodable, Sendable {
    struct Unexpected: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }

    struct Outcome: Decodable, Sendable {
        let action: String
        let source: String?
        let destination: String?
        let bytes: Int64
        let reason: String?
    }

    let dryRun: Bool
    let interrupted: Bool
    let counts: [String: Int]
    let bytes: Int64
    let outcomes: [Outcome]

    /// The tags to which something happened.
    func tags(_ action: String) -> [String] {
        outcomes.filter { $0.action == action }.compactMap { outcome in
            (outcome.source ?? outcome.destination)?.split(separator: ":").last.map(String.init)
        }.sorted()
    }
}
