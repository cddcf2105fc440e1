import ArgumentParser
import Sandbox

/// `berth container prune`.
struct PruneContainersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Removes all containers that don't run.",
        discussion: "Example: berth container prune --force --filter until=24h"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Don't ask.")
    var force = false

    @Option(
        help: ArgumentHelp("Only containers for which this holds: until=, label=, label!=.", valueName: "name=value")
    )
    var filter: [String] = []

    func run() throws {
        let filter = try PruneFilter(filter, now: .now)
        guard force || Confirmation.isGiven(of: "all stopped containers") else { return }
        let store = try berth.openContainers(location)
        var removed: [String] = []
        var reclaimed: Int64 = 0
        for container in try store.all() {
            let created = Timestamp(nanoseconds: container.record.created)
            guard let state = try? container.state(), !state.isActive,
                filter.matches(created: created, labels: container.configuration.labels)
            else { continue }
            let size = (try? container.writtenBytes()) ?? 0
            do {
                try container.remove()
            } catch SandboxError.containerIsRunning {
                // Started since it was looked at.
                continue
            }
            removed.append("\(container.id)")
            reclaimed += size
        }
        if !removed.isEmpty { Terminal.print("Deleted Containers:\n\(removed.joined(separator: "\n"))\n") }
        Terminal.print("Total reclaimed space: \(humanSize(reclaimed))")
    }
}
