import SystemPackage

/// A `registries.conf` for podman, buildah and skopeo, in which the hub has a mirror.
struct RegistriesConfiguration: Sendable {
    let path: FilePath

    /// - Parameter mirror: the mirror's host, with the path that its names begin with; spoken to in plain HTTP.
    init(on bench: TestBench, named name: String, mirror: String) throws {
        path = bench.folder.appending("\(name).conf")
        try write(
            """
            [[registry]]
            prefix = "docker.io"
            location = "docker.io"

            [[registry.mirror]]
            location = "\(mirror)"
            insecure = true

            """,
            to: path
        )
    }

    /// `command`, which uses it.
    func run(_ command: Command) -> Command {
        var command = command
        command.environment["CONTAINERS_REGISTRIES_CONF"] = path.string
        return command
    }
}
