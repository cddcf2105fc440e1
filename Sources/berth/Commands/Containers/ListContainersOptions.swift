import ArgumentParser
import Sandbox

/// What the commands that list containers take and do.
struct ListContainersOptions: ParsableArguments {
    static let discussion = """
        Examples:
          berth ps -a
          berth ps --filter status=exited --format '{{.Names}}: {{.Status}}'
        """

    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "List those that don't run, too.")
    var all = false

    @Flag(name: .shortAndLong, help: "Print only the IDs.")
    var quiet = false

    @Flag(help: "Shorten nothing.")
    var noTrunc = false

    @Option(name: .joinable("n"), help: "Only so many, of those made last.")
    var last: Int?

    @Flag(name: .shortAndLong, help: "Only the one made last.")
    var latest = false

    @Option(
        name: .joinable("f"),
        help: ArgumentHelp(
            "Only containers for which this holds: id=, name=, label=, status=, exited=, ancestor=, before=, since=.",
            valueName: "name=value"
        )
    )
    var filter: [String] = []

    @Option(help: ArgumentHelp("How to print: 'table TEMPLATE', 'json' or a template.", valueName: "format"))
    var format: String?

    func run(_ store: ContainerStore) throws {
        let format = try ListFormat(given: format)
        let rows = try rows(of: store)
        if quiet {
            guard !rows.isEmpty else { return }
            return Terminal.print(rows.map(\.id).joined(separator: "\n"))
        }
        guard let format else { return Terminal.print(table(of: rows).harmless) }
        let text = try format.text(of: rows.map(\.fields), headings: ContainerRow.headings)
        if let text { Terminal.print(text) }
    }

    private func rows(of store: ContainerStore) throws -> [ContainerRow] {
        let filter = try ContainerFilter(filter, in: store)
        let count = latest ? 1 : last
        let isAll = all || count != nil || filter.wantsAll
        let now = Timestamp.now
        var rows: [ContainerRow] = []
        for container in try store.all() {
            guard rows.count < count ?? .max else { break }
            // One that is damaged is told of where it is named.
            guard let state = try? container.state(), isAll || state.isActive, filter.matches(container, state) else {
                continue
            }
            rows.append(ContainerRow(container: container, state: state, isComplete: noTrunc, now: now))
        }
        return rows
    }

    private func table(of rows: [ContainerRow]) -> String {
        let columns: [(heading: String, value: (ContainerRow) -> String)] = [
            ("CONTAINER ID", \.id), ("IMAGE", \.image), ("COMMAND", \.command), ("CREATED", \.createdSince),
            ("STATUS", \.status), ("PORTS", \.ports), ("NAMES", \.names),
        ]
        var table = Table(columns: columns.map(\.heading))
        for row in rows { table.add(columns.map { $0.value(row) }) }
        return table.description
    }
}
