import Glibc
import SystemPackage

/// A device as the host has it, and where a container is to have it.
struct HostDevice {
    let path: String
    let hostPath: String
    /// The kind and the permissions.
    let mode: mode_t
    let major: UInt32
    let minor: UInt32
    let user: uid_t
    let group: gid_t

    /// As control groups name its kind.
    var typeLetter: String { mode & S_IFMT == S_IFBLK ? "b" : "c" }

    /// Nil where `hostPath` is no device.
    private init?(at hostPath: String, as path: String) {
        var status = stat()
        guard stat(hostPath, &status) == 0 else { return nil }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFCHR || kind == S_IFBLK else { return nil }
        self.path = path
        self.hostPath = hostPath
        mode = status.st_mode & (S_IFMT | 0o777)
        (major, minor) = Self.numbers(status.st_rdev)
        (user, group) = (status.st_uid, status.st_gid)
    }

    /// The devices that `mapping` means: one, or those in a folder.
    ///
    /// - Throws: ``SandboxError/notADevice(_:)``.
    static func all(of mapping: DeviceMapping) throws(SandboxError) -> [HostDevice] {
        if let device = HostDevice(at: mapping.hostPath, as: mapping.path) { return [device] }
        let devices = devices(in: FilePath(mapping.hostPath), as: FilePath(mapping.path), depth: 0)
        guard !devices.isEmpty else { throw .notADevice(mapping.hostPath) }
        return devices
    }

    /// All of the host's, for a container from which nothing is kept.
    static func all() -> [HostDevice] {
        devices(in: "/dev", as: "/dev", depth: 0)
    }

    /// Those that a container has beside its own.
    ///
    /// - Throws: ``SandboxError/notADevice(_:)``.
    static func all(for isolation: IsolationConfiguration) throws(SandboxError) -> [HostDevice] {
        // An ordinary user may make no nodes, and a hundred mounts are too many for devices that can't be opened.
        var devices = isolation.isPrivileged && !StartPlan.isRootless ? all() : []
        for mapping in isolation.devices { devices += try all(of: mapping) }
        return devices
    }

    /// What every container has for itself.
    private static let own: Set<String> = [
        "/dev/console", "/dev/full", "/dev/mqueue", "/dev/null", "/dev/ptmx", "/dev/pts", "/dev/random", "/dev/shm",
        "/dev/tty", "/dev/urandom", "/dev/zero",
    ]
    private static let maximumDepth = 8

    private static func devices(in folder: FilePath, as target: FilePath, depth: Int) -> [HostDevice] {
        guard depth < maximumDepth, let names = try? names(in: folder) else { return [] }
        return names.sorted().flatMap { name -> [HostDevice] in
            let path = folder.appending(name)
            var status = stat()
            guard !own.contains(path.string), lstat(path.string, &status) == 0 else { return [] }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: return devices(in: path, as: target.appending(name), depth: depth + 1)
            case S_IFCHR, S_IFBLK:
                return HostDevice(at: path.string, as: target.appending(name).string).map { [$0] } ?? []
            default: return []
            }
        }
    }

    /// As glibc's major(3) and minor(3).
    private static func numbers(_ device: dev_t) -> (UInt32, UInt32) {
        let number = UInt64(device)
        let major = (number >> 8 & 0xfff) | (number >> 32 & ~0xfff)
        let minor = (number & 0xff) | (number >> 12 & ~0xff)
        return (UInt32(truncatingIfNeeded: major), UInt32(truncatingIfNeeded: minor))
    }
}
