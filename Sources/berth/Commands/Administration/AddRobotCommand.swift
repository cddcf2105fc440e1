import ArgumentParser
import ImageSpec

/// `berth robot add`.
struct AddRobotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a robot, and prints its secret.",
        discussion: "Example: berth robot add --expires 90d registry.example.com ci"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry
    @Option(help: ArgumentHelp("How long the secret holds, as 12h or 90d; for good by default.", valueName: "time"))
    var expires: Lifetime?

    @Argument(help: ArgumentHelp("The robot's name.", valueName: "name"))
    var name: String

    func run() async throws {
        let body: [String: JSONValue?] = ["name": .string(name), "expires_in": expires.map { .integer($0.seconds) }]
        try NewSecret.print(try await server.call("POST", "robots", [], body, by: berth))
    }
}
