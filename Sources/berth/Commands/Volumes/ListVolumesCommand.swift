import ArgumentParser
import Sandbox

/// `berth volume ls`.
struct ListVolumesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists volumes.",
        discussion: "Example: berth volume ls --filter dangling=true -q",
        aliases: ["list"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Print only the names.")
    var quiet = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Only volumes for which this holds: name=, label=, dangling=, driver=; may be repeated.",
            valueName: "name=value"
        )
    )
    var filter: [String] = []

    @Option(help: ArgumentHelp("How to print: 'table TEMPLATE', 'json' or a template.", valueName: "format"))
    var format: String?

    func run() throws {
        let format = try ListFormat(given: format)
        let usage = try VolumeUsage(berth.openContainers(location))
        let filter = try VolumeFilter(filter, usage)
        let rows = try berth.openVolumes(location).all().filter(filter.matches).map(VolumeRow.init)
        if quiet {
            guard !rows.isEmpty else { return }
            return Terminal.print(rows.map(\.name).joined(separator: "\n"))
        }
        if let format {
            let text = try format.text(of: rows.map(\.fields), headings: VolumeRow.headings)
            if let text { Terminal.print(text) }
            return
        }
        var table = Table(columns: ["DRIVER", "VOLUME NAME"])
        for row in rows { table.add([VolumeRow.driver, row.name]) }
        Terminal.print(table.description)
    }
}
