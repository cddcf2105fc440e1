import CSandbox
import Glibc
import SystemPackage

/// Where a runtime hands over the terminal of a process that it starts: a socket in the container's folder.
final class RuntimeConsole {
    private let socket: Int32
    private let folder: Int32
    private let path: FilePath
    /// What the runtime is told: a socket's address has little room, and the folder's path may be longer.
    let address: String

    init(in folder: FilePath) throws {
        let path = folder.appending("console.sock")
        self.path = path
        unlink(path.string)
        let descriptor = open(folder.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SandboxError.system(operation: "open", path: folder, .current) }
        self.folder = descriptor
        let address = "/proc/\(getpid())/fd/\(descriptor)/console.sock"
        self.address = address
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(address.utf8)) }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let socket = Glibc.socket(AF_UNIX, type, 0)
        self.socket = socket
        let isOpen = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 && listen(socket, 1) == 0
            }
        }
        guard isOpen else { throw SandboxError.system(operation: "make", path: path, .current) }
    }

    deinit {
        close(socket)
        close(folder)
        unlink(path.string)
    }

    /// The terminal, once the runtime has ended: it waits in the socket then.
    ///
    /// - Throws: ``SandboxError/system(operation:path:_:)`` where none was handed over.
    func terminal() throws -> Int32 {
        let connection = accept(socket, nil, nil)
        guard connection >= 0 else { throw SandboxError.system(operation: "get a terminal by", path: path, .current) }
        defer { close(connection) }
        let terminal = berth_receive_descriptor(connection)
        guard terminal >= 0 else { throw SandboxError.system(operation: "get a terminal by", path: path, .current) }
        return terminal
    }
}
