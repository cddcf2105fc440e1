import ArgumentParser

@main
struct Berthd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "berthd",
        abstract: "A private container image registry.",
        version: version,
        subcommands: [ServeCommand.self, CheckCommand.self]
    )

    static let version = "0.1.0"
}
