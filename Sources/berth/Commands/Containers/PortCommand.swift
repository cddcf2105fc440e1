import ArgumentParser
import Sandbox

/// `berth port`.
struct PortCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "port",
        abstract: "Shows where a container's ports are reached at the host.",
        discussion: """
            Examples:
              berth port web
              berth port web 80/tcp
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Argument(help: ArgumentHelp("A name, or the beginning of an ID.", valueName: "container"), completion: .containers)
    var container: String

    @Argument(help: ArgumentHelp("Only of this port of the container.", valueName: "port[/tcp|udp]"))
    var port: String?

    func run() throws {
        let container = try berth.openContainers(location).find(container)
        let ports = try container.state().network?.ports ?? []
        guard let port else {
            for port in ports { Terminal.print("\(port.target) -> \(port.host)") }
            return
        }
        let wanted = try ContainerPort.parse(port)
        let found = ports.filter { wanted.contains($0.target) }
        guard !found.isEmpty else {
            throw ContainerOptionError.portNotPublished(wanted.first.map { "\($0)" } ?? port, container.label)
        }
        for port in found { Terminal.print(port.host) }
    }
}
