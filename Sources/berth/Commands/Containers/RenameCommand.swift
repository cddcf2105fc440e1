import ArgumentParser
import Sandbox

/// `berth rename`.
struct RenameCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Gives a container another name.",
        discussion: "Example: berth rename web former-web"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Argument(help: ArgumentHelp("A name, or the beginning of an ID.", valueName: "container"), completion: .containers)
    var container: String

    @Argument(help: "The new name.")
    var name: String

    func run() throws {
        let name = try ContainerName(name)
        let container = try berth.openContainers(location).find(container)
        guard container.configuration.name != name else {
            throw SandboxError.containerNameInUse(name.rawValue, containerID: "\(container.id)")
        }
        try container.rename(to: name)
    }
}
