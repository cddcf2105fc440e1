import Sandbox

/// A container's ports in one line, as docker's `ps` shows them: `0.0.0.0:8002->80/tcp, :::8002->80/tcp, 443/tcp`.
struct PortList: CustomStringConvertible {
    let description: String

    /// - Parameter exposed: those that the image says are to be reached; shown where they aren't published.
    init(_ published: [PublishedPort], exposed: [ContainerPort]) {
        let hidden = Set(exposed).subtracting(published.map(\.target)).sorted()
        let all =
            published.sorted { Self.key($0) < Self.key($1) }.map { Entry(host: $0.hostAddress, $0.hostPort, $0.target) }
            + hidden.map { Entry(host: nil, $0.port, $0) }
        var groups: [(first: Entry, last: Entry)] = []
        for entry in all {
            if let group = groups.last, group.last.isFollowed(by: entry) {
                groups[groups.count - 1].last = entry
            } else {
                groups.append((entry, entry))
            }
        }
        description = groups.map { Self.text(from: $0.first, to: $0.last) }.joined(separator: ", ")
    }

    /// A port at the host, or one that is nowhere.
    private struct Entry {
        let host: IPAddress?
        let hostPort: UInt16
        let target: ContainerPort

        init(host: IPAddress?, _ hostPort: UInt16, _ target: ContainerPort) {
            self.host = host
            self.hostPort = hostPort
            self.target = target
        }

        func isFollowed(by next: Entry) -> Bool {
            host == next.host && target.transport == next.target.transport && hostPort &+ 1 == next.hostPort
                && target.port &+ 1 == next.target.port
        }
    }

    /// Ranges are of one address.
    private static func key(_ port: PublishedPort) -> (String, String, UInt16, UInt16) {
        ("\(port.target.transport)", "\(port.hostAddress)", port.target.port, port.hostPort)
    }

    private static func text(from first: Entry, to last: Entry) -> String {
        func range(_ first: UInt16, _ last: UInt16) -> String { first == last ? "\(first)" : "\(first)-\(last)" }
        let target = "\(range(first.target.port, last.target.port))/\(first.target.transport)"
        guard let host = first.host else { return target }
        return "\(host):\(range(first.hostPort, last.hostPort))->\(target)"
    }
}
