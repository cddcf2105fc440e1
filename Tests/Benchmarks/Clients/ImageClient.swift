import SystemPackage

/// A client that pulls and pushes images, with a store of its own in a folder.
protocol ImageClient {
    /// What pulls `name` into the store.
    func pull(_ name: String) -> [String]
    /// What pushes `name`, which is in the store as `source`.
    func push(_ source: String, as name: String) -> [[String]]
    /// Ends what runs beside the commands.
    func stop()
    /// The most memory that something beside the commands has had resident, in MiB.
    var peakMemory: Double? { get }
}

extension ImageClient {
    func stop() {}
    var peakMemory: Double? { nil }
}

extension Contestant {
    /// The client, with an empty store in `folder`.
    func client(in folder: FilePath, on bench: Bench) throws -> any ImageClient {
        switch self {
        case .berth: BerthClient(program: bench.berth, store: folder)
        case .podman: PodmanClient(folder: folder)
        case .docker: try DockerClient(folder: folder)
        case .skopeo: SkopeoClient(folder: folder)
        default: throw BenchmarkError("\(rawValue) is no client")
        }
    }
}
