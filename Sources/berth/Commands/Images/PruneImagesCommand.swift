import ArgumentParser
import ImageSpec
import ImageStore

/// `berth image prune`.
struct PruneImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Removes images without a name, and all that belongs to no image.",
        discussion: """
            That is what killed pulls and removed images left behind. The beginning of a blob that was being pulled \
            waits a day to be gone on from; with --all it goes too.

            Examples:
              berth image prune --force
              berth image prune --all --filter until=168h
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Remove all images that no container is made of.")
    var all = false

    @Flag(name: .shortAndLong, help: "Don't ask.")
    var force = false

    @Option(help: ArgumentHelp("Only images for which this holds: until=, label=, label!=.", valueName: "name=value"))
    var filter: [String] = []

    func run() throws {
        let filter = try PruneFilter(filter, now: .now)
        let store = try berth.openStore(location)
        guard force || Confirmation.isGiven(of: what) else { return }
        let report = try store.prune(all: all, where: filter.matches)
        if !report.untagged.isEmpty || !report.deleted.isEmpty {
            // A layer that isn't compressed is a blob and a diff ID of one digest.
            var seen: Set<Digest> = []
            let deleted = report.deleted.filter { seen.insert($0).inserted }
            let lines =
                report.untagged.map { "untagged: \(store.shownName(of: $0))" } + deleted.map { "deleted: \($0)" }
            Terminal.print("Deleted Images:\n\(lines.joined(separator: "\n"))\n")
        }
        Terminal.print("Total reclaimed space: \(humanSize(report.reclaimed))")
    }

    private var what: String {
        all ? "all images without at least one container associated to them" : "all dangling images"
    }
}
