import SystemPackage

/// What runs containers, with a store of its own in a folder.
protocol ContainerEngine {
    /// What comes before every command's name.
    var command: [String] { get }
    /// What options a container has on this machine beside those that all have.
    var runOptions: [String] { get }
    /// Ends what runs beside the commands.
    func stop()
}

enum ContainerNetwork: String {
    case none, bridge
}

extension ContainerEngine {
    var runOptions: [String] { [] }
    func stop() {}

    /// Takes the image in an archive.
    func load(_ archive: FilePath) throws {
        try TimedRun(command + ["load", "-i", archive.string])
    }

    /// Runs a program to its end in a container that goes then; in seconds.
    func run(_ network: ContainerNetwork, _ program: String...) throws -> Double {
        try TimedRun(
            command + ["run", "--rm", "--network", network.rawValue] + runOptions + [TinyImage.name] + program
        ).seconds
    }

    /// Starts a container that stays.
    func start(_ name: String) throws {
        let options = ["run", "-d", "--network", "none", "--name", name] + runOptions
        try TimedRun(command + options + [TinyImage.name, "sleep", "100000"])
    }

    /// In seconds.
    func exec(_ name: String, _ program: String...) throws -> Double {
        try TimedRun(command + ["exec", name] + program).seconds
    }

    func remove(_ names: [String]) throws {
        try TimedRun(command + ["rm", "-f"] + names)
    }
}

struct BerthEngine: ContainerEngine {
    let program: String
    let store: FilePath

    var command: [String] { [program, "--root", store.string] }
}

struct PodmanEngine: ContainerEngine {
    let folder: FilePath
    let runtime: String

    var command: [String] {
        [
            "podman", "--root", folder.appending("root").string, "--runroot", folder.appending("run").string,
            "--tmpdir", folder.appending("tmp").string, "--storage-driver", "overlay", "--events-backend", "none",
            "--cgroup-manager", "cgroupfs", "--runtime", runtime,
        ]
    }

    /// podman asks for limits that are higher than its own, which takes a capability that this machine may lack.
    var runOptions: [String] { ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"] }
}

struct DockerEngine: ContainerEngine {
    private let client: DockerClient

    init(folder: FilePath) throws {
        client = try DockerClient(folder: folder)
    }

    var command: [String] { client.command }
    func stop() { client.stop() }
}

extension Contestant {
    /// The engine, with an empty store in `folder`.
    func engine(in folder: FilePath, on bench: Bench) throws -> any ContainerEngine {
        switch self {
        case .berth: BerthEngine(program: bench.berth, store: folder)
        case .podman: PodmanEngine(folder: folder, runtime: "runc")
        case .podmanCrun: PodmanEngine(folder: folder, runtime: "crun")
        case .docker: try DockerEngine(folder: folder)
        default: throw BenchmarkError("\(rawValue) is no engine")
        }
    }
}

extension Bench {
    /// Gives `body` the contestant's engine with the tiny image in its store, and removes all of it afterwards.
    func withEngine<Result>(
        _ contestant: Contestant,
        _ body: (any ContainerEngine) throws -> Result
    ) throws -> Result {
        let image = try filledFolder("tiny-image") { try TinyImage.make(in: $0, with: berth) }
        return try withFreshFolder { folder in
            let engine = try contestant.engine(in: folder, on: self)
            defer { engine.stop() }
            try engine.load(image.appending(TinyImage.archive))
            return try body(engine)
        }
    }
}
