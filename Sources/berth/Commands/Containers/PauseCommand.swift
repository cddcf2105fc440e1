import ArgumentParser
import Sandbox

/// `berth pause`.
struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Stops all processes of containers where they are.",
        discussion: "Example: berth pause web"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Argument(help: ArgumentHelp("Names, or beginnings of IDs.", valueName: "container"), completion: .containers)
    var containers: [String]

    func run() throws {
        try EachContainer(store: berth.openContainers(location), names: containers).run { try $0.pause() }
    }
}

/// `berth unpause`.
struct UnpauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpause",
        abstract: "Lets the processes of paused containers go on.",
        discussion: "Example: berth unpause web"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Argument(help: ArgumentHelp("Names, or beginnings of IDs.", valueName: "container"), completion: .containers)
    var containers: [String]

    func run() throws {
        try EachContainer(store: berth.openContainers(location), names: containers).run { try $0.resume() }
    }
}
