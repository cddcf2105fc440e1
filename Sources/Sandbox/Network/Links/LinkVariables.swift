/// The variables by which the programs of a container learn of another one that it is linked to: those that docker sets on
/// its default bridge, by the names that it gives them.
struct LinkVariables {
    /// The name by which the other one is known.
    let alias: String
    /// The container that has the link.
    let owner: String
    /// The other one's.
    let address: IPAddress
    let ports: [ContainerPort]
    let environment: [String]

    /// Of the variables of the other one, those that say nothing of it.
    private static let untold: Set<Substring> = ["HOME", "PATH"]

    var all: [String] {
        let ports = ports.sorted(by: Self.stands(_:before:))
        let first = ports.first.map { ["\(prefix)_PORT=\(url($0))"] } ?? []
        return first + ranges(of: ports) + ports.flatMap(variables(of:)) + ["\(prefix)_NAME=/\(owner)/\(alias)"] + told
    }

    private var prefix: String { String(alias.uppercased().map { $0 == "-" ? "_" : $0 }) }

    private func url(_ port: ContainerPort) -> String { "\(port.transport)://\(address):\(port.port)" }

    private func name(_ port: ContainerPort) -> String {
        "\(prefix)_PORT_\(port.port)_\(port.transport.rawValue.uppercased())"
    }

    /// TCP first.
    private static func stands(_ one: ContainerPort, before other: ContainerPort) -> Bool {
        one.transport == other.transport ? one.port < other.port : one.transport == .tcp
    }

    private func variables(of port: ContainerPort) -> [String] {
        [
            "\(name(port))=\(url(port))", "\(name(port))_ADDR=\(address)", "\(name(port))_PORT=\(port.port)",
            "\(name(port))_PROTO=\(port.transport)",
        ]
    }

    /// Of three and more ports in a row, the first and the last.
    private func ranges(of ports: [ContainerPort]) -> [String] {
        var runs: [(first: ContainerPort, last: ContainerPort)] = []
        for port in ports {
            if let run = runs.last, run.last.transport == port.transport, run.last.port &+ 1 == port.port {
                runs[runs.count - 1].last = port
            } else {
                runs.append((port, port))
            }
        }
        return runs.filter { $0.last.port - $0.first.port > 1 }.flatMap { first, last in
            [
                "\(name(first))_START=\(url(first))", "\(name(first))_ADDR=\(address)",
                "\(name(first))_PROTO=\(first.transport)", "\(name(first))_PORT_START=\(first.port)",
                "\(name(first))_END=\(url(last))", "\(name(first))_PORT_END=\(last.port)",
            ]
        }
    }

    private var told: [String] {
        environment.filter { $0.contains("=") && !Self.untold.contains($0.prefix { $0 != "=" }) }
            .map { "\(prefix)_ENV_\($0)" }
    }
}

extension Container {
    /// What its programs are told of those that it is linked to and that run at this moment.
    func linkVariables() -> [String] {
        configuration.network.links.flatMap { link -> [String] in
            guard let other = try? store.find(link.container), let address = (try? other.state())?.network?.address
            else {
                return []
            }
            let network = other.configuration.network
            return LinkVariables(
                alias: link.alias,
                owner: configuration.name?.rawValue ?? id.short,
                address: address,
                ports: Array(Set(network.exposedPorts + network.ports.map(\.target))),
                environment: other.configuration.process.environment
            ).all
        }
    }
}
