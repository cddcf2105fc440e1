import ArgumentParser
import Glibc
import Sandbox

/// `berth stats`.
struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Shows what containers use.",
        discussion: """
            Examples:
              berth stats
              berth stats --no-stream --format '{{.Name}}: {{.MemUsage}}' web
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Those that don't run, too.")
    var all = false

    @Flag(help: "Look once, over a second.")
    var noStream = false

    @Option(help: ArgumentHelp("How to print: 'table TEMPLATE', 'json' or a template.", valueName: "format"))
    var format: String?

    @Argument(
        help: ArgumentHelp("Names, or beginnings of IDs; by default all that run.", valueName: "container"),
        completion: .containers
    )
    var containers: [String] = []

    func run() throws {
        let format = try ListFormat(given: format)
        let store = try berth.openContainers(location)
        var before = try samples(of: store)
        let isScreen = isatty(STDOUT_FILENO) == 1 && !noStream
        repeat {
            sleep(1)
            let after = try samples(of: store)
            let rows = after.map { sample in row(sample, since: before[sample.key]) }
                .sorted { $0.container.record.created > $1.container.record.created }
            // The cursor goes home, and what stands there goes.
            if isScreen { Terminal.print(bytes: Array("\u{1b}[H\u{1b}[J".utf8)) }
            let text = try format.map { try $0.text(of: rows.map(\.fields), headings: StatisticsRow.headings) }
            if let line = text ?? table(of: rows) { Terminal.print(line) }
            before = after
        } while !noStream
    }

    private struct Sample {
        let container: Container
        let statistics: CgroupStatistics
        let traffic: (received: Int64, sent: Int64)
        let time: ContinuousClock.Instant
    }

    private func samples(of store: ContainerStore) throws -> [ContainerIdentifier: Sample] {
        let named = try containers.map { try store.find($0) }
        let chosen = try named.isEmpty ? store.all().filter { try all || $0.state().isActive } : named
        var samples: [ContainerIdentifier: Sample] = [:]
        for container in chosen {
            samples[container.id] = Sample(
                container: container,
                statistics: container.cgroup?.statistics ?? CgroupStatistics(),
                traffic: try container.networkTraffic() ?? (0, 0),
                time: ContinuousClock.now
            )
        }
        return samples
    }

    private func row(_ sample: (key: ContainerIdentifier, value: Sample), since before: Sample?) -> StatisticsRow {
        let sample = sample.value
        var percent = 0.0
        if let before, sample.time > before.time {
            let used = sample.statistics.processorTime - before.statistics.processorTime
            percent = Double(max(0, used)) / 1e7 / ((sample.time - before.time) / .seconds(1))
        }
        return StatisticsRow(
            container: sample.container,
            statistics: sample.statistics,
            processorPercent: percent,
            traffic: sample.traffic
        )
    }

    private func table(of rows: [StatisticsRow]) -> String {
        let columns: [(heading: String, value: (StatisticsRow) -> String)] = [
            ("CONTAINER ID", \.id), ("NAME", \.name), ("CPU %", \.processor), ("MEM USAGE / LIMIT", \.memory),
            ("MEM %", \.memoryPercent), ("NET I/O", \.network), ("BLOCK I/O", \.blocks), ("PIDS", \.processes),
        ]
        var table = Table(columns: columns.map(\.heading))
        for row in rows { table.add(columns.map { $0.value(row) }) }
        return table.description
    }
}
