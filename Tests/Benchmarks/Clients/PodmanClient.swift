import SystemPackage

/// podman: pulled layers are unpacked.
struct PodmanClient: ImageClient {
    let folder: FilePath

    private var command: [String] {
        [
            "podman", "--root", folder.appending("root").string, "--runroot", folder.appending("run").string,
            "--tmpdir", folder.appending("tmp").string, "--storage-driver", "overlay", "--events-backend", "none",
        ]
    }

    func pull(_ name: String) -> [String] { command + ["pull", "--quiet", "--tls-verify=false", name] }

    func push(_ source: String, as name: String) -> [[String]] {
        [command + ["push", "--quiet", "--tls-verify=false", source, "docker://\(name)"]]
    }
}
