import Glibc
import SystemPackage

/// The program `slirp4netns`, which connects an ordinary user's container: it is the other end of the container's
/// interface, with a TCP/IP of its own.
///
/// It ends with the monitor, whatever ends that: it watches a pipe whose other end only the monitor has.
///
/// - SeeAlso: slirp4netns(1).
final class SlirpNetwork: NetworkHelper {
    private static let name = "slirp4netns"
    private static let interface = "tap0"
    /// In seconds.
    private static let patience = 10.0

    /// Its own, at the standard place in its network.
    let nameServer = IPAddress("10.0.2.3")

    private let path: String
    private let folder: FilePath
    private var program: BackgroundProgram?

    init(_ path: String, for container: FilePath) {
        self.path = path
        folder = container
    }

    deinit {
        stop()
    }

    func connect(_ process: pid_t, ports: [PublishedPort]) throws -> [PublishedPort] {
        unlink(folder.appending(SlirpRequest.socketName).string)
        let program = try BackgroundProgram(path, in: folder) { ready, exit in
            [
                "--configure", "--mtu=65520", "--disable-host-loopback", "--enable-sandbox", "--enable-seccomp",
                "--ready-fd=\(ready)", "--exit-fd=\(exit)", "--api-socket=\(SlirpRequest.socketName)", "\(process)",
                Self.interface,
            ]
        }
        self.program = program
        do {
            guard program.waitUntilReady(seconds: Self.patience) else {
                throw NetworkError.helperFailed(Self.name, program.words)
            }
            return try publish(ports)
        } catch {
            stop()
            throw error
        }
    }

    func stop() {
        program?.stop()
        program = nil
        unlink(folder.appending(SlirpRequest.socketName).string)
    }

    /// It knows IPv4 only: of a port that is published at all addresses, those of IPv6 are left out.
    private func publish(_ ports: [PublishedPort]) throws -> [PublishedPort] {
        let possible = ports.filter { if case .v4 = $0.hostAddress { true } else { false } }
        let targets = Set(possible.map { "\($0.hostPort) \($0.target)" })
        for port in ports where !targets.contains("\(port.hostPort) \(port.target)") {
            throw NetworkError.helperFailed(Self.name, "it can't publish \(port.host), at an address of IPv6")
        }
        for port in possible {
            if let complaint = try SlirpRequest(publishing: port).send(in: folder, seconds: Self.patience) {
                throw NetworkError.helperFailed(Self.name, "\(port.host): \(complaint)")
            }
        }
        return possible
    }
}
