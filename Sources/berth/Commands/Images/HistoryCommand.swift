import ArgumentParser
import ImageStore

/// `berth history`, and `berth image history`.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Shows how an image came to be, the newest step first.",
        discussion: "Example: berth history --no-trunc nginx"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Print only the IDs.")
    var quiet = false

    @Flag(help: "Cut nothing short.")
    var noTrunc = false

    @Flag(
        name: [.customShort("H"), .long],
        inversion: .prefixedNo,
        help: "Print sizes and times for people, or else for programs."
    )
    var human = true

    @Option(help: ArgumentHelp("How to print: 'table TEMPLATE', 'json' or a template.", valueName: "format"))
    var format: String?

    @Argument(help: ArgumentHelp("The image.", valueName: "name[:tag]|id"), completion: .images)
    var name: String

    func run() throws {
        let store = try berth.openStore(location)
        let format = try ListFormat(given: format)
        let image = try store.image(matching: name)
        let rows = HistoryRow.rows(
            of: image.config,
            id: image.id,
            layerSizes: store.layerSizes(of: image),
            isComplete: noTrunc,
            isHuman: human
        )
        if quiet { return Terminal.print(rows.map(\.identifier).joined(separator: "\n")) }
        if let format {
            let text = try format.text(of: rows.map(\.fields), headings: HistoryRow.headings)
            if let text { Terminal.print(text) }
            return
        }
        var table = Table(columns: ["IMAGE", human ? "CREATED" : "CREATED AT", "CREATED BY", "SIZE", "COMMENT"])
        for row in rows { table.add(row.cells) }
        Terminal.print(table.description)
    }
}
