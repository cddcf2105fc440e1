import Glibc
import SystemPackage

/// A real image of Debian's `busybox-static`, made by umoci and skopeo once for all tests of a run.
///
/// Three layers: the programs and `/etc`; another `/etc/motd`; and a whiteout of `/etc/removed`.
struct BusyboxImage: Sendable {
    /// The tag of the image in ``layout``.
    static let tag = "latest"

    /// An OCI image layout that holds the image.
    let layout: FilePath
    /// The same as Docker schema 2, in skopeo's form of a folder: manifest.json, and each blob named by its hash.
    let dockerFolder: FilePath
    /// The same as `docker load` takes it.
    let dockerArchive: FilePath

    /// skopeo's name for the OCI image.
    var ociName: String { "oci:\(layout):\(Self.tag)" }
    /// skopeo's name for the Docker image.
    var dockerName: String { "dir:\(dockerFolder)" }

    /// The image that all tests of this run share.
    static func shared() async throws -> BusyboxImage { try await making.value }

    private static let making = Task { try await make() }

    private static func make() async throws -> BusyboxImage {
        let folder = try TemporaryFolder()
        removeAtExit(folder)
        let image = BusyboxImage(
            layout: folder.path.appending("oci"),
            dockerFolder: folder.path.appending("docker"),
            dockerArchive: folder.path.appending("docker.tar")
        )
        try await image.build(in: folder.path)
        return image
    }

    private func build(in folder: FilePath) async throws {
        let root = folder.appending("root")
        try await makeRoot(root)
        try write("another message of the day\n", to: folder.appending("motd"))
        let name = "\(layout):\(Self.tag)"
        try await Command("umoci", "init", "--layout", layout.string).output()
        try await Command("umoci", "new", "--image", name).output()
        try await Command("umoci", "insert", "--image", name, root.string, "/").output()
        try await Command("umoci", "insert", "--image", name, folder.appending("motd").string, "/etc/motd").output()
        try await Command("umoci", "insert", "--image", name, "--whiteout", "/etc/removed").output()
        try await Command(
            "umoci",
            "config",
            "--image",
            name,
            "--config.cmd",
            "/bin/sh",
            "--config.env",
            "PATH=/bin",
            "--config.env",
            "FROM=the image"
        ).output()
        try await Command("umoci", "gc", "--layout", layout.string).output()
        try await Skopeo.copy(ociName, to: dockerName, "--format", "v2s2")
        try await Skopeo.copy(ociName, to: "docker-archive:\(dockerArchive):busybox:test")
    }

    private func makeRoot(_ root: FilePath) async throws {
        for folder in ["bin", "etc", "home/user", "proc", "root", "sys", "dev", "tmp", "var"] {
            try makeFolder(root.appending(folder))
        }
        chmod(root.appending("tmp").string, 0o1777)
        try await Command("cp", "/bin/busybox", root.appending("bin/busybox").string).output()
        for applet in try await Command("/bin/busybox", "--list").output().split(separator: "\n")
        where applet != "busybox" {
            symlink("busybox", root.appending("bin/\(applet)").string)
        }
        try write(
            "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home/user:/bin/sh\n",
            to: root.appending("etc/passwd")
        )
        try write("root:x:0:\nuser:x:1000:\nstaff:x:50:user\n", to: root.appending("etc/group"))
        try write("the message of the day\n", to: root.appending("etc/motd"))
        try write("never seen\n", to: root.appending("etc/removed"))
    }
}
