import ArgumentParser
import Sandbox

/// `berth volume prune`.
struct PruneVolumesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Removes the volumes without a name that no container uses; with --all, those with one too.",
        discussion: "Example: berth volume prune --force --filter label=temporary"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Remove those that somebody named, too.")
    var all = false

    @Flag(name: .shortAndLong, help: "Don't ask.")
    var force = false

    @Option(help: ArgumentHelp("Only volumes for which this holds: label=, label!=, until=.", valueName: "name=value"))
    var filter: [String] = []

    func run() throws {
        let filter = try PruneFilter(filter, now: .now)
        let what = all ? "all local volumes" : "anonymous local volumes"
        guard force || Confirmation.isGiven(of: "\(what) not used by at least one container") else { return }
        let store = try berth.openVolumes(location)
        let containers = try berth.openContainers(location)
        var removed: [String] = []
        var reclaimed: Int64 = 0
        for volume in try store.all() where all || volume.record.isAnonymous {
            let created = Timestamp(nanoseconds: volume.record.created)
            guard filter.matches(created: created, labels: volume.record.labels) else { continue }
            let size = (try? volume.contentBytes()) ?? 0
            do {
                try store.remove(volume.name) { try VolumeUsage(containers).users(of: $0) }
                removed.append("\(volume.name)")
                reclaimed += size
            } catch SandboxError.volumeInUse {
                continue
            } catch SandboxError.noSuchVolume {
                continue
            }
        }
        if !removed.isEmpty { Terminal.print("Deleted Volumes:\n\(removed.joined(separator: "\n"))\n") }
        Terminal.print("Total reclaimed space: \(humanSize(reclaimed))")
    }
}
