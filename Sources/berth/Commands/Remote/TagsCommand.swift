import ArgumentParser
import ImageSpec

/// `berth tags`.
struct TagsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tags",
        abstract: "Lists the tags of a repository in a registry.",
        discussion: """
            A template may name .Repository, .Tag and .Name, which is both.

            Examples:
              berth tags localhost:5000/team/app
              berth tags --format '{{.Name}}' localhost:5000/team/app
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup(visibility: .hidden) var location: StoreLocation

    @Option(help: RemoteListFormat.help)
    var format = "text"

    @Flag(name: .shortAndLong, help: "Print only the tags, which is what is done unless --format says otherwise.")
    var quiet = false

    @Argument(help: ArgumentHelp("Which repository.", valueName: "repository"))
    var repository: String

    func run() async throws {
        let format = try RemoteListFormat(quiet ? "text" : format)
        let reference = try RepositoryArgument(repository, for: berth).reference
        // Not every registry sorts them, as the specification asks it to.
        let tags = try await berth.client(for: reference.host).tags(of: reference.repository).sorted()
        let rows: [[String: JSONValue]] = tags.map { tag in
            [
                "Repository": .string(repository), "Tag": .string("\(tag)"), "Name": .string("\(repository):\(tag)"),
            ]
        }
        try format.print(
            rows,
            headings: ["Repository": "REPOSITORY", "Tag": "TAG", "Name": "NAME"],
            document: TagList(name: "\(reference.repository)", tags: tags.map(\.rawValue))
        ) {
            for tag in tags { Terminal.print("\(tag)") }
        }
    }

    private struct TagList: Encodable {
        let name: String
        let tags: [String]
    }
}
