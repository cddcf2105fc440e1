import Glibc
import SystemPackage

/// A folder of a test's own; its path is short, because sockets lie in it.
struct TemporaryFolder: Sendable {
    let path: FilePath

    init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/berth-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = FilePath(platformString: template)
        // Ordinary users' processes, such as a container's, must be able to pass through.
        chmod(path.string, 0o755)
    }

    /// Unmounts what programs left mounted below the folder, and removes it with all its content.
    func remove() async {
        for mountPoint in mountPoints().reversed() { umount2(mountPoint, Int32(MNT_DETACH)) }
        _ = try? await Command("rm", "-rf", "--one-file-system", path.string).run()
    }

    private func mountPoints() -> [String] {
        let mounts = (try? contents(ofFileAt: "/proc/self/mountinfo")) ?? []
        return String(decoding: mounts, as: UTF8.self).split(separator: "\n")
            .compactMap { $0.split(separator: " ").dropFirst(4).first.map(String.init) }
            .filter { $0 == path.string || $0.hasPrefix(path.string + "/") }
    }
}
