import Glibc
import SystemPackage

/// Where a container's monitor listens: `monitor.sock` in the container's folder.
///
/// A socket's address has room for 107 bytes, and the folder's path may be longer: the address is that of an open
/// descriptor of the folder.
enum MonitorSocket {
    static let fileName = "monitor.sock"
    private static let backlog: Int32 = 64

    /// Listens in `folder`, without blocking.
    static func listen(in folder: FilePath) throws -> Int32 {
        let path = folder.appending(fileName)
        unlink(path.string)
        return try open(in: folder, flags: Int32(SOCK_NONBLOCK.rawValue)) { socket, address, length in
            bind(socket, address, length) == 0 && Glibc.listen(socket, backlog) == 0
        }
    }

    /// Connects to the monitor of the container that has this folder, or to what else has a socket there; nil when none
    /// listens.
    static func connect(in folder: FilePath, named name: String = fileName) throws -> Int32? {
        do {
            return try open(in: folder, named: name, flags: 0) { socket, address, length in
                Glibc.connect(socket, address, length) == 0
            }
        } catch SandboxError.system(_, _, let error)
            where error == .connectionRefused || error == .noSuchFileOrDirectory
        {
            return nil
        }
    }

    private static func open(
        in folder: FilePath,
        named fileName: String = fileName,
        flags: Int32,
        _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) throws -> Int32 {
        let path = folder.appending(fileName)
        let descriptor = Glibc.open(folder.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SandboxError.system(operation: "reach", path: path, .current) }
        defer { close(descriptor) }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | flags
        let socket = Glibc.socket(AF_UNIX, type, 0)
        guard socket >= 0 else { throw SandboxError.system(operation: "reach", path: path, .current) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array("/proc/self/fd/\(descriptor)/\(fileName)".utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let isOpen = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                use(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard isOpen else {
            let error = Errno.current
            close(socket)
            throw SandboxError.system(operation: "reach", path: path, error)
        }
        return socket
    }
}
