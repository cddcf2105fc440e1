import CSandbox
import Glibc
import SystemPackage

/// The program `pasta`, which connects an ordinary user's container: it passes what comes from the container's network
/// on through sockets of its own.
///
/// It goes into the background once the container is connected, and says in a file of the container's folder which
/// process it is.
///
/// - SeeAlso: pasta(1).
final class Pasta: NetworkHelper {
    private static let identifierFile = "pasta.pid"
    /// In bytes, of what it says.
    private static let maximumWords = 4096

    /// Whom the container asks for names where the host's own servers can't be asked from within: pasta passes on what
    /// is sent there.
    let nameServer = IPAddress("169.254.1.1")

    private let path: String
    private let folder: FilePath

    init(_ path: String, for container: FilePath) {
        self.path = path
        folder = container
    }

    /// Connects the network of `process`, and publishes `ports`.
    ///
    /// - Throws: ``NetworkError/helperFailed(_:_:)``.
    func connect(_ process: pid_t, ports: [PublishedPort]) throws -> [PublishedPort] {
        let identifierPath = folder.appending(Self.identifierFile)
        // Of a start of before, whose monitor was killed.
        Self.stop(in: folder)
        // There before the program is, for whoever comes after a monitor that was killed before it has written its number.
        try replaceFile(at: identifierPath, with: [], isDurable: false)
        var arguments = ["--config-net", "--quiet", "--no-map-gw", "--pid", identifierPath.string]
        if let nameServer { arguments += ["--dns-forward", "\(nameServer)"] }
        // Nothing but what was asked for, and nothing of the host's loopback.
        arguments += ["--tcp-ns", "none", "--udp-ns", "none"]
        arguments += Self.options("--tcp-ports", ports, .tcp) + Self.options("--udp-ports", ports, .udp)
        arguments.append("\(process)")
        let words = try FinishedProgram(path, arguments, maximumWords: Self.maximumWords)
        guard words.status == 0 else { throw NetworkError.helperFailed("pasta", words.text) }
        return ports
    }

    /// Ends it.
    func stop() {
        Self.stop(in: folder)
    }

    /// Ends what connects the container that has this folder, if anything does.
    static func stop(in folder: FilePath) {
        let path = folder.appending(identifierFile)
        guard access(path.string, F_OK) == 0 else { return }
        let written = KernelFile(path).number.flatMap { pid_t(exactly: $0) }
        // The number may be another process's by now; and one that has just been started has written none.
        if let written, isForContainer(written, path) {
            end(written, by: SIGTERM)
        } else {
            // Until there is none: one that goes into the background goes on under another number.
            var rounds = 10
            while rounds > 0, killAll(for: path) { rounds -= 1 }
        }
        unlink(path.string)
    }

    /// Waits for its end, too: until then it has the container's ports.
    private static func end(_ process: pid_t, by signal: Int32) {
        let descriptor = berth_open_process(process)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        kill(process, signal)
        var ended = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&ended, 1, 2_000)
    }

    /// Whether there were any.
    private static func killAll(for path: FilePath) -> Bool {
        let all = ((try? names(in: "/proc")) ?? []).compactMap { pid_t($0) }.filter { isForContainer($0, path) }
        for process in all { end(process, by: SIGKILL) }
        return !all.isEmpty
    }

    private static func isForContainer(_ process: pid_t, _ path: FilePath) -> Bool {
        let commandLine = KernelFile(FilePath("/proc/\(process)/cmdline")).text ?? ""
        return commandLine.split(separator: "\0").contains { $0 == path.string }
    }

    /// As pasta takes them: `[ADDRESS/]HOST:CONTAINER` each, and each port of the host's once, so that one with several
    /// addresses has all of them.
    private static func options(_ name: String, _ ports: [PublishedPort], _ transport: TransportProtocol) -> [String] {
        let byPort = Dictionary(grouping: ports.filter { $0.target.transport == transport }, by: \.hostPort)
        let specifications = byPort.values.sorted { $0[0].hostPort < $1[0].hostPort }.map { same in
            let port = "\(same[0].hostPort):\(same[0].target.port)"
            return same.count == 1 ? "\(same[0].hostAddress)/\(port)" : port
        }
        return (specifications.isEmpty ? ["none"] : specifications).flatMap { [name, $0] }
    }
}
