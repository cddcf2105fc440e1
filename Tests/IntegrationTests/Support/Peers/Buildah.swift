import SystemPackage

/// buildah, with a storage of the test's own.
struct Buildah: Sendable {
    private let folder: FilePath

    init(on bench: TestBench) throws {
        folder = try bench.makeFolder("buildah")
    }

    /// buildah with `arguments`.
    func callAsFunction(_ arguments: String...) -> Command {
        let own = [
            "--root", folder.appending("root").string,
            "--runroot", folder.appending("run").string,
            "--storage-driver", "overlay",
        ]
        return Command("buildah", own + arguments)
    }
}
