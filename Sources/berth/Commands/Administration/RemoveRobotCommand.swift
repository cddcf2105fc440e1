import ArgumentParser
import ImageSpec

/// `berth robot rm`.
struct RemoveRobotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Removes robots, with their secrets and all that was granted to them.",
        discussion: "Example: berth robot rm registry.example.com ci",
        aliases: ["remove"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("The robots' names.", valueName: "name"))
    var names: [String]

    func run() async throws {
        for name in names {
            try await server.call("DELETE", "robots/\(AdministeredRegistry.part(name))", by: berth)
            Terminal.print(name)
        }
    }
}
