import Glibc
import SystemPackage

/// A small program of the host's that goes before a container's own where a runtime is to give it an init: it needs nothing
/// of the image, passes signals on and buries orphans. Runtimes have none; docker and podman bring one of these along.
struct RuntimeInit {
    /// In the container: in /dev, which is nobody's layer.
    static let place = "/dev/init"
    private static let names = ["docker-init", "tini-static", "catatonit"]
    private static let folders =
        RuntimeProgram.systemPath.split(separator: ":").map(String.init)
        + ["/usr/libexec/docker", "/usr/libexec/podman", "/usr/lib/podman"]

    private let path: String

    /// - Throws: ``SandboxError/noInit`` where none is installed.
    init() throws(SandboxError) {
        let places = Self.names.flatMap { name in Self.folders.map { "\($0)/\(name)" } }
        guard let path = places.first(where: { access($0, X_OK) == 0 }) else { throw .noInit }
        self.path = path
    }

    var mount: RuntimeSpecification.Mount {
        RuntimeSpecification.Mount(
            destination: Self.place,
            type: "bind",
            source: path,
            options: ["bind", "rprivate", "ro", "nosuid", "nodev"]
        )
    }

    /// The words that run a program behind it.
    func words(for arguments: [String]) -> [String] { [Self.place, "--"] + arguments }
}
