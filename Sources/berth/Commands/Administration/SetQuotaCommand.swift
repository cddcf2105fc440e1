import ArgumentParser
import ConfigurationText
import ImageSpec

/// `berth quota set`.
struct SetQuotaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets what a namespace may hold; without one, the whole registry.",
        discussion: "Example: berth quota set --bytes 100GiB --repositories 50 registry.example.com team"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry
    @Option(help: ArgumentHelp("How many bytes of blobs, as 512MiB or 100GiB.", valueName: "size"))
    var bytes: String?

    @Option(help: ArgumentHelp("How many repositories.", valueName: "number"))
    var repositories: Int?

    @Argument(help: ArgumentHelp("Which.", valueName: "namespace"))
    var namespace: String?

    func run() async throws {
        let size = try bytes.map { text in
            // As the server's configuration writes sizes, not as docker's flags do.
            guard let size: Int64 = ConfigurationText.ByteSize.parse(text) else {
                throw ValidationError("'\(text)' is not a size, as 100GiB is one")
            }
            return JSONValue.integer(size)
        }
        let body: [String: JSONValue?] = [
            "namespace": namespace.map { .string($0) }, "bytes": size,
            "repositories": repositories.map { .integer(Int64($0)) },
        ]
        try await server.call("PUT", "quotas", [], body, by: berth)
    }
}
