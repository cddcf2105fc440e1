import ArgumentParser
import ImageSpec

/// `berth quota rm`.
struct RemoveQuotaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Lets a namespace hold as much as there is room for; without one, the whole registry.",
        discussion: "Example: berth quota rm registry.example.com team",
        aliases: ["remove"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("Which.", valueName: "namespace"))
    var namespace: String?

    func run() async throws {
        try await server.call("DELETE", "quotas", namespace.map { [("namespace", $0)] } ?? [], by: berth)
    }
}
