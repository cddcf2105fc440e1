import ArgumentParser
import ImageSpec

/// `berth catalog`.
struct CatalogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Lists the repositories of a registry.",
        discussion: "Some registries, such as Docker Hub, have no such list.\n\nExample: berth catalog localhost:5000"
    )

    @ParentCommand var berth: BerthCommand

    @Option(help: ArgumentHelp("text, or json for the list as registries give it.", valueName: "format"))
    var format = RemoteListFormat.text

    @Argument(help: ArgumentHelp("Which registry.", valueName: "host[:port]"))
    var registry: String

    func run() async throws {
        let repositories = try await berth.client(for: RegistryHost(registry)).repositories()
        switch format {
        case .text: for repository in repositories { Terminal.print("\(registry)/\(repository)") }
        case .json: try Terminal.print(json: Catalog(repositories: repositories.map(\.rawValue)))
        }
    }

    private struct Catalog: Encodable {
        let repositories: [String]
    }
}
