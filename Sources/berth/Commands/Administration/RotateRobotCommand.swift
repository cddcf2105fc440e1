import ArgumentParser
import ImageSpec

/// `berth robot rotate`.
struct RotateRobotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Gives a robot a new secret, and prints it.",
        discussion: "Example: berth robot rotate --overlap 1h registry.example.com ci"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry
    @Option(help: ArgumentHelp("How long the old secret holds still; a day by default.", valueName: "time"))
    var overlap: Lifetime?

    @Option(help: ArgumentHelp("How long the secret holds, as 12h or 90d; for good by default.", valueName: "time"))
    var expires: Lifetime?

    @Argument(help: ArgumentHelp("The robot's name.", valueName: "name"))
    var name: String

    func run() async throws {
        let body: [String: JSONValue?] = [
            "overlap": overlap.map { .integer($0.seconds) }, "expires_in": expires.map { .integer($0.seconds) },
        ]
        let path = "robots/\(AdministeredRegistry.part(name))/rotate"
        try NewSecret.print(try await server.call("POST", path, [], body, by: berth))
    }
}
