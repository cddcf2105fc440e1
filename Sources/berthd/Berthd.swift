import ArgumentParser

@main
struct Berthd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "berthd",
        abstract: "A private container image registry.",
        version: "berthd \(version)",
        subcommands: [
            ServeCommand.self, CheckCommand.self, CheckConfigCommand.self, UserCommand.self, VersionCommand.self,
        ]
    )

    static let version = "0.1.0"
}
