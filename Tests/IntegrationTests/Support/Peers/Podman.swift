import SystemPackage

/// podman, with a storage of the test's own.
struct Podman: Sendable {
    private let folder: FilePath

    init(on bench: TestBench) throws {
        folder = try bench.makeFolder("podman")
    }

    /// podman with `arguments`.
    ///
    /// The runtime is runc, because crun refuses machines whose control groups are of both versions.
    func callAsFunction(_ arguments: String...) -> Command {
        let own = [
            "--root", folder.appending("root").string,
            "--runroot", folder.appending("run").string,
            "--tmpdir", folder.appending("tmp").string,
            "--storage-driver", "overlay",
            "--cgroup-manager", "cgroupfs",
            "--events-backend", "none",
            "--runtime", "runc",
        ]
        return Command("podman", own + arguments)
    }

    /// Runs `arguments` in a container of `image`, without a network.
    ///
    /// podman asks for limits higher than the ones it has, which takes a capability that a container's root
    /// (a CI machine's, say) may lack; so they are set low.
    func run(_ image: String, _ arguments: String...) -> Command {
        let podman = self("run", "--rm", "--network", "none")
        return Command(
            podman.program,
            podman.arguments + ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", image] + arguments
        )
    }
}
