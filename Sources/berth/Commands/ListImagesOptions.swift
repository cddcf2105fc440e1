import ArgumentParser
import ImageSpec
import ImageStore

/// What the commands that list images take and do.
struct ListImagesOptions: ParsableArguments {
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Show all images, which is what is always done.")
    var all = false

    @Flag(name: .shortAndLong, help: "Print only the IDs.")
    var quiet = false

    @Flag(help: "Show the digest that each image has at its registry.")
    var digests = false

    @Flag(help: "Print IDs in full.")
    var noTrunc = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Only images for which this holds: dangling=, reference=, before=, since=, label=; may be repeated.",
            valueName: "name=value"
        )
    )
    var filter: [String] = []

    @Option(help: ArgumentHelp("How to print: 'table TEMPLATE', 'json' or a template.", valueName: "format"))
    var format: String?

    @Argument(
        help: ArgumentHelp("Only images of this name.", valueName: "repository[:tag]"),
        completion: .images
    )
    var name: String?

    static let discussion = """
        SIZE is that of all files in the image's layers; while a layer is not unpacked, that of its blobs.

        Examples:
          berth images
          berth images --filter reference='team/*' --format '{{.Repository}}:{{.Tag}} {{.Size}}'
        """

    func run(_ store: ImageStore) throws {
        let format = try ListFormat(given: format)
        let filter = try ImageFilter(filter + namePattern, in: store)
        let now = Timestamp.now
        let rows = try store.summaries().filter { try matches($0, store) && filter.matches($0) }
            .map { ImageRow(image: $0, store: store, isComplete: noTrunc, now: now) }
        if quiet {
            guard !rows.isEmpty else { return }
            return Terminal.print(rows.map(\.id).joined(separator: "\n"))
        }
        guard let format else { return Terminal.print(table(of: rows)) }
        let text = try format.text(of: rows.map(\.fields), headings: ImageRow.headings)
        if let text { Terminal.print(text) }
    }

    private func table(of rows: [ImageRow]) -> String {
        var columns: [(heading: String, value: (ImageRow) -> String)] = [
            ("REPOSITORY", \.repository), ("TAG", \.tag), ("IMAGE ID", \.id), ("CREATED", \.createdSince),
            ("SIZE", \.size),
        ]
        if digests { columns.insert(("DIGEST", \.digest), at: 2) }
        var table = Table(columns: columns.map(\.heading))
        for row in rows { table.add(columns.map { $0.value(row) }) }
        return table.description
    }

    /// A name with a `*` in it is a pattern, as in docker.
    private var namePattern: [String] {
        guard let name, name.contains(where: { "*?[".contains($0) }) else { return [] }
        return ["reference=\(name)"]
    }

    private func matches(_ image: ImageSummary, _ store: ImageStore) throws -> Bool {
        guard let name, namePattern.isEmpty else { return true }
        let wanted = try store.reference(name)
        guard let reference = image.reference else { return false }
        return reference.host == wanted.host && reference.repository == wanted.repository
            && (!ImageReference.hasTagOrDigest(name)
                || (reference.tag == wanted.tag && reference.digest == wanted.digest))
    }
}
