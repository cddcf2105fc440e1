import ArgumentParser
import Glibc
import Sandbox

/// `berth kill`.
struct KillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "Sends a signal to containers' first processes.",
        discussion: "Example: berth kill -s HUP web"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Option(name: .joinable("s"), help: "What to send.")
    var signal = "KILL"

    @Argument(help: ArgumentHelp("Names, or beginnings of IDs.", valueName: "container"), completion: .containers)
    var containers: [String]

    func run() throws {
        let signal = try SignalName(signal).number
        try EachContainer(store: berth.openContainers(location), names: containers).run { container in
            try container.kill(with: signal)
        }
    }
}
