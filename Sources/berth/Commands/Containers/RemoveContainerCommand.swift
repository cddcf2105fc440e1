import ArgumentParser
import Sandbox

/// `berth rm`.
struct RemoveContainerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Removes containers, with what they wrote.",
        discussion: "Example: berth rm -f web"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Kill one that runs; and don't mind one that isn't there.")
    var force = false

    @Flag(name: .shortAndLong, help: "Remove its volumes that have no name, too.")
    var volumes = false

    @Argument(help: ArgumentHelp("Names, or beginnings of IDs.", valueName: "container"), completion: .containers)
    var containers: [String]

    func run() throws {
        let store = try berth.openContainers(location)
        let names = containers.filter { name in
            do {
                _ = try store.find(name)
            } catch SandboxError.noSuchContainer(let missing) where force {
                // As docker has it: it is told of, and is no failure.
                Failure(SandboxError.noSuchContainer(missing)).report()
                return false
            } catch {}
            return true
        }
        try EachContainer(store: store, names: names).run { container in
            if force { try container.stop(signal: 9, timeout: 0) }
            try container.remove()
            if volumes { try container.removeAnonymousVolumes() }
        }
    }
}
