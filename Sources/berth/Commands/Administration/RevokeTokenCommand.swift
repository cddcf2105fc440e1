import ArgumentParser
import ImageSpec

/// `berth token rm`.
struct RevokeTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Ends access tokens at once.",
        discussion: "Example: berth token rm registry.example.com kX8s0aPq",
        aliases: ["revoke"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("The tokens' ids.", valueName: "id"))
    var ids: [String]

    func run() async throws {
        for id in ids {
            try await server.call("DELETE", "tokens/\(AdministeredRegistry.part(id))", by: berth)
            Terminal.print(id)
        }
    }
}
