import ArgumentParser
import ImageSpec

/// `berth group rm`.
struct RemoveFromGroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Removes accounts from a group; without any, the group.",
        discussion: "Example: berth group rm registry.example.com dev bob",
        aliases: ["remove"]
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("The group's name.", valueName: "group"))
    var group: String

    @Argument(help: ArgumentHelp("The accounts' names.", valueName: "name"))
    var names: [String] = []

    func run() async throws {
        let path = "groups/\(AdministeredRegistry.part(group))"
        if names.isEmpty { try await server.call("DELETE", path, by: berth) }
        for name in names {
            try await server.call("DELETE", "\(path)/members/\(AdministeredRegistry.part(name))", by: berth)
        }
    }
}
