import ArgumentParser
import ImageSpec

/// `berth token create`.
struct CreateTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes an access token, and prints its secret.",
        discussion: "Example: berth token create --scope 'team/**:pull' registry.example.com laptop",
        aliases: ["add"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry
    @Option(
        help: ArgumentHelp(
            "What it allows at most, as 'team/**:pull,push'; may be repeated.",
            valueName: "pattern:actions"
        )
    )
    var scope: [String] = []

    @Option(help: ArgumentHelp("How long the token holds, as 12h or 90d; for good by default.", valueName: "time"))
    var expires: Lifetime?

    @Option(help: ArgumentHelp("Whose it is to be; for administrators.", valueName: "name"))
    var owner: String?

    @Argument(help: ArgumentHelp("What the token is called.", valueName: "name"))
    var name: String

    func run() async throws {
        let body: [String: JSONValue?] = [
            "name": .string(name), "owner": owner.map { .string($0) },
            "scopes": scope.isEmpty ? nil : .array(scope.map { .string($0) }),
            "expires_in": expires.map { .integer($0.seconds) },
        ]
        try NewSecret.print(try await server.call("POST", "tokens", [], body, by: berth))
    }
}
