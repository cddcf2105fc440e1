import ArgumentParser
import ImageSpec

/// `berth catalog`.
struct CatalogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Lists the repositories of a registry.",
        discussion: """
            Some registries, such as Docker Hub, have no such list. A template may name .Registry, .Repository and \
            .Name, which is both.

            Example: berth catalog localhost:5000
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup(visibility: .hidden) var location: StoreLocation

    @Option(help: RemoteListFormat.help)
    var format = "text"

    @Flag(name: .shortAndLong, help: "Print the repositories without the registry's host.")
    var quiet = false

    @Argument(help: ArgumentHelp("Which registry.", valueName: "host[:port]"))
    var registry: String

    func run() async throws {
        let format = try RemoteListFormat(quiet ? "text" : format)
        let repositories = try await berth.client(for: RegistryHost(registry)).repositories()
        let rows: [[String: JSONValue]] = repositories.map { repository in
            [
                "Registry": .string(registry), "Repository": .string("\(repository)"),
                "Name": .string("\(registry)/\(repository)"),
            ]
        }
        try format.print(
            rows,
            headings: ["Registry": "REGISTRY", "Repository": "REPOSITORY", "Name": "NAME"],
            document: Catalog(repositories: repositories.map(\.rawValue))
        ) {
            for repository in repositories { Terminal.print(quiet ? "\(repository)" : "\(registry)/\(repository)") }
        }
    }

    private struct Catalog: Encodable {
        let repositories: [String]
    }
}
