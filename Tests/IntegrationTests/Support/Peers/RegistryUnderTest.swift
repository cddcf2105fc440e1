import Testing

/// The registries that the same tests are held against: ours, and the one that others take for the model.
enum RegistryUnderTest: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case berthd
    case dockerRegistry = "docker-registry"

    func start(on bench: TestBench) async throws -> RunningRegistry {
        switch self {
        case .berthd: try await Berthd.start(on: bench)
        case .dockerRegistry: try await DockerRegistry.start(on: bench)
        }
    }

    var testDescription: String { rawValue }
}
