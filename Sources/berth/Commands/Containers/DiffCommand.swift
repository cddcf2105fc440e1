import ArgumentParser
import Sandbox

/// `berth diff`.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows what a container did to its image's files: A for added, C for changed, D for deleted.",
        discussion: "Example: berth diff web"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Argument(help: ArgumentHelp("A name, or the beginning of an ID.", valueName: "container"), completion: .containers)
    var container: String

    func run() throws {
        let files = try berth.openContainers(location).find(container).openFiles(toWrite: false)
        for change in try files.tree().changes(excluding: ContainerFiles.ownPaths) {
            Terminal.print("\(change.kind.rawValue) \(change.path)".harmless)
        }
    }
}
