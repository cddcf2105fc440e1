import Glibc
import SystemPackage

/// An ordinary user of this host, as whom berth is called: one with subordinate users and groups, or with none.
///
/// The host itself knows nothing of the user: each command sees account files, and the device that networks are made by,
/// of its own.
struct OrdinaryUser: Sendable {
    static let number = 4712
    /// The first of 65536 users, and as many groups.
    static let firstSubordinate = 700_000

    let home: FilePath
    private let folder: FilePath
    /// Run as root, where nobody else sees the mounts.
    private var mounts: [String] = []

    /// - Parameter hasSubordinates: whether other users than root are possible in the user's containers.
    init(on bench: TestBench, hasSubordinates: Bool) async throws {
        folder = try bench.makeFolder("user-etc")
        home = try bench.makeFolder("user-home")
        chown(home.string, uid_t(Self.number), gid_t(Self.number))
        let files = """
            set -e; cd \(folder); cp /etc/passwd .; echo 'tester:x:\(Self.number):\(Self.number)::\(home):/bin/sh' >> passwd
            mknod tun c 10 200; chmod 666 tun; touch nothing subuid
            """
        let ranges = hasSubordinates ? "echo tester:\(Self.firstSubordinate):65536 > subuid" : ""
        try await Command("sh", "-c", "\(files)\n\(ranges)").output()
        mounts = [("passwd", "/etc/passwd"), ("subuid", "/etc/subuid"), ("subuid", "/etc/subgid")].map(mount)
        if access("/dev/net/tun", F_OK) == 0 { mounts.append(mount("tun", "/dev/net/tun")) }
    }

    /// The same user once there are no subordinate ones any more.
    var withoutSubordinates: OrdinaryUser {
        var user = self
        user.mounts += [mount("nothing", "/etc/subuid"), mount("nothing", "/etc/subgid")]
        return user
    }

    /// The same user, who may not open the device that networks are made by.
    var withoutTunnel: OrdinaryUser {
        var user = self
        user.mounts.append("chmod 600 \(folder)/nothing")
        user.mounts.append(mount("nothing", "/dev/net/tun"))
        return user
    }

    func withoutPasta() async throws -> OrdinaryUser { try await hiding("pasta") }

    /// The same user, for whom the program isn't there.
    func hiding(_ program: String) async throws -> OrdinaryUser {
        var user = self
        user.mounts.append(mount("nothing", try await Self.path(of: program)))
        return user
    }

    /// The same user, for whom the program fails.
    func withBroken(_ program: String) async throws -> OrdinaryUser {
        var user = self
        user.mounts.append("mount --bind \(try await Self.path(of: "false")) \(try await Self.path(of: program))")
        return user
    }

    private static func path(of program: String) async throws -> String {
        try await Command("sh", "-c", "readlink -f \"$(which \(program))\"").output()
    }

    var root: FilePath { home.appending("berth") }

    /// `berth`, called by the user.
    func callAsFunction(_ arguments: String...) -> Command { self(arguments) }

    func callAsFunction(_ arguments: [String]) -> Command {
        command(BuiltProgram.berth.path.string, ["--root", root.string] + arguments)
    }

    /// Any program, called by the user.
    func command(_ program: String, _ arguments: [String]) -> Command {
        let user = ["--reuid=\(Self.number)", "--regid=\(Self.number)", "--clear-groups"]
        let script = (mounts + [#"exec setpriv "$@""#]).joined(separator: " && ")
        var command = Command(
            "unshare",
            ["--mount", "--propagation", "private", "sh", "-c", script, "sh"] + user + [program] + arguments
        )
        command.environment["HOME"] = home.string
        return command
    }

    /// Gives the user an image of busybox with users of its own: root, `user` (1000) and `www` (33), whose files are in
    /// /home/user and /var/www.
    ///
    /// - Parameter script: run by sh in the image's root folder, as root, before it becomes the image.
    func importImage(_ name: String, script: String = "") async throws {
        let made = """
            set -e; rm -rf \(folder)/root; mkdir \(folder)/root; cd \(folder)/root
            mkdir -p bin etc tmp root proc sys dev home/user var/www; chmod 1777 tmp; cp /bin/busybox bin/
            for applet in $(/bin/busybox --list | grep -v '^busybox$'); do ln -s busybox bin/$applet; done
            printf 'root:x:0:0:root:/root:/bin/sh\\nuser:x:1000:1000::/home/user:/bin/sh\\n' > etc/passwd
            printf 'www:x:33:33::/var/www:/bin/sh\\n' >> etc/passwd
            printf 'root:x:0:\\ntty:x:5:\\nwww:x:33:\\naudio:x:63:user\\nuser:x:1000:\\n' > etc/group
            echo page > var/www/index; chown -R 33:33 var/www; chmod 700 var/www; chown 1000:1000 home/user
            \(script)
            tar -cf \(folder)/root.tar .; chmod 644 \(folder)/root.tar
            """
        try await Command("sh", "-c", made).output()
        try await self("import", "\(folder)/root.tar", name).output()
    }

    private func mount(_ file: String, _ place: String) -> String { "mount --bind \(folder)/\(file) \(place)" }
}
