import ArgumentParser
import Sandbox

/// What the commands take that end containers.
struct StopOptions: ParsableArguments {
    @OptionGroup var location: StoreLocation

    @Option(
        name: [.customShort("t", allowingJoined: true), .customLong("timeout"), .customLong("time")],
        parsing: .unconditional,
        help: ArgumentHelp("When to kill it; -1 for never. By default its own, or 10.", valueName: "seconds")
    )
    var timeout: Int?

    @Option(name: .joinable("s"), help: ArgumentHelp("What to send; by default its stop signal.", valueName: "signal"))
    var signal: String?

    @Argument(help: ArgumentHelp("Names, or beginnings of IDs.", valueName: "container"), completion: .containers)
    var containers: [String]
}

/// `berth stop`.
struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Asks containers to end, and kills those that don't in time.",
        discussion: "Example: berth stop -t 30 web"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var options: StopOptions

    func run() throws {
        let signal = try options.signal.map { try SignalName($0).number }
        try EachContainer(store: berth.openContainers(options.location), names: options.containers).run { container in
            try container.stop(signal: signal, timeout: options.timeout)
        }
    }
}

/// `berth restart`.
struct RestartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Ends containers as 'stop' does, and starts them again.",
        discussion: "Example: berth restart web"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var options: StopOptions

    func run() throws {
        let signal = try options.signal.map { try SignalName($0).number }
        try EachContainer(store: berth.openContainers(options.location), names: options.containers).run { container in
            try container.stop(signal: signal, timeout: options.timeout)
            try container.start()
        }
    }
}
