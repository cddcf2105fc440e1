import ArgumentParser
import ImageSpec

/// `berth group add`.
struct AddToGroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds accounts to a group.",
        discussion: "Example: berth group add registry.example.com dev alice bob"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Argument(help: ArgumentHelp("The group's name.", valueName: "group"))
    var group: String

    @Argument(help: ArgumentHelp("The accounts' names.", valueName: "name"))
    var names: [String]

    func run() async throws {
        for name in names {
            let path = "groups/\(AdministeredRegistry.part(group))/members/\(AdministeredRegistry.part(name))"
            try await server.call("PUT", path, by: berth)
        }
    }
}
