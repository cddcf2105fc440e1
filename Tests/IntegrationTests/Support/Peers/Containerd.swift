import ImageSpec
import SystemPackage

/// A containerd of the test's own, and the `ctr` client that speaks to it.
struct Containerd: Sendable {
    private let folder: FilePath
    let process: RunningCommand

    static func start(on bench: TestBench) async throws -> Containerd {
        let folder = try bench.makeFolder("containerd")
        let configuration = """
            version = 2
            root = "\(folder.appending("root"))"
            state = "\(folder.appending("state"))"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
            address = "\(folder.appending("s"))"
            [ttrpc]
            address = "\(folder.appending("t"))"

            """
        try write(configuration, to: folder.appending("config.toml"))
        let process = try bench.start(Command("containerd", "--config", folder.appending("config.toml").string))
        let containerd = Containerd(folder: folder, process: process)
        try await process.wait(for: "answer at its socket") {
            try await containerd("version").run().status == .exited(0) ? true : nil
        }
        return containerd
    }

    /// The `ctr` client with `arguments`.
    func callAsFunction(_ arguments: String...) -> Command {
        Command("ctr", ["--address", folder.appending("s").string] + arguments)
    }

    /// Pulls `image`, whatever registry it names, from `mirror`: containerd then adds `?ns=` and the named registry.
    func pull(_ image: String, through mirror: RunningRegistry) throws -> Command {
        let hosts = folder.appending("hosts")
        try makeFolder(hosts.appending("_default"))
        let configuration = """
            [host."\(mirror.url)"]
              capabilities = ["pull", "resolve"]

            """
        try write(configuration, to: hosts.appending("_default").appending("hosts.toml"))
        return self("images", "pull", "--hosts-dir", hosts.string, image)
    }
}
