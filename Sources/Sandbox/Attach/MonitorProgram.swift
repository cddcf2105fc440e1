import CSandbox
import Glibc
import SystemPackage

/// The program `berth-monitor`, one process of which stays with each container that runs.
struct MonitorProgram {
    static let name = "berth-monitor"
    /// In the container's folder: what a monitor says that has nobody to say it to.
    static let errorFileName = "monitor.log"
    /// The descriptor that a monitor finds its first client at.
    package static let clientDescriptor: Int32 = 3

    private let path: FilePath

    /// Finds the program beside this one, or in `../libexec/berth`.
    ///
    /// - Throws: ``SandboxError/noMonitorProgram(_:)``.
    init() throws {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard readlink("/proc/self/exe", &target, target.count - 1) > 0 else {
            throw SandboxError.system(operation: "read", path: "/proc/self/exe", .current)
        }
        let folder = FilePath(platformString: target).removingLastComponent()
        let places = [
            folder.appending(Self.name),
            folder.removingLastComponent().appending("libexec/berth").appending(Self.name),
        ]
        guard let path = places.first(where: { access($0.string, X_OK) == 0 }) else {
            throw SandboxError.noMonitorProgram(places)
        }
        self.path = path
    }

    /// Starts the monitor of `container`, in a session of its own.
    ///
    /// - Returns: the connection of its first client.
    func start(for container: Container) throws -> MonitorConnection {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw SandboxError.startFailed(step: "cannot make a socket", subject: "", .current)
        }
        defer { close(ends[1]) }
        let connection = MonitorConnection(ends[0], folder: container.folder)
        let error = berth_spawn_monitor(
            path.string,
            container.folder.string,
            ends[1],
            container.folder.appending(Self.errorFileName).string
        )
        guard error == 0 else {
            throw SandboxError.startFailed(step: "cannot start", subject: path.string, Errno(rawValue: error))
        }
        return connection
    }
}
