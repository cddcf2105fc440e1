import ArgumentParser
import ImageSpec

/// `berth tags`.
struct TagsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tags",
        abstract: "Lists the tags of a repository in a registry.",
        discussion: "Example: berth tags localhost:5000/team/app"
    )

    @ParentCommand var berth: BerthCommand

    @Option(help: ArgumentHelp("text, or json for the list as registries give it.", valueName: "format"))
    var format = RemoteListFormat.text

    @Argument(help: ArgumentHelp("Which repository.", valueName: "repository"))
    var repository: String

    func run() async throws {
        let reference = try RepositoryArgument(repository, for: berth).reference
        // Not every registry sorts them, as the specification asks it to.
        let tags = try await berth.client(for: reference.host).tags(of: reference.repository).sorted()
        switch format {
        case .text: for tag in tags { Terminal.print("\(tag)") }
        case .json: try Terminal.print(json: TagList(name: "\(reference.repository)", tags: tags.map(\.rawValue)))
        }
    }

    private struct TagList: Encodable {
        let name: String
        let tags: [String]
    }
}
