import ArgumentParser
import Sandbox

/// `berth wait`.
struct WaitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Waits for containers to end, and prints their exit statuses.",
        discussion: "Example: berth wait job"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Argument(help: ArgumentHelp("Names, or beginnings of IDs.", valueName: "container"), completion: .containers)
    var containers: [String]

    func run() throws {
        let store = try berth.openContainers(location)
        for name in containers {
            let container = try store.find(name)
            Terminal.print("\(try container.wait() ?? container.state().exitStatus ?? 0)")
        }
    }
}
