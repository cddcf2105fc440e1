import ArgumentParser
import Sandbox

/// `berth volume rm`.
struct RemoveVolumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Removes volumes that no container uses, with all that is in them.",
        discussion: "Example: berth volume rm db",
        aliases: ["remove"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Don't mind one that isn't there.")
    var force = false

    @Argument(help: ArgumentHelp("The volumes.", valueName: "volume"))
    var names: [String]

    func run() throws {
        let store = try berth.openVolumes(location)
        let containers = try berth.openContainers(location)
        var failures: [any Error] = []
        for name in names {
            do {
                try store.remove(VolumeName(name)) { try VolumeUsage(containers).users(of: $0) }
                Terminal.print(name)
            } catch SandboxError.noSuchVolume where force {
                Terminal.print(name)
            } catch {
                failures.append(error)
            }
        }
        guard let last = failures.popLast() else { return }
        for failure in failures { Failure(failure).report() }
        throw last
    }
}
