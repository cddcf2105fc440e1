import ArgumentParser

/// `berth version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Prints the program's version.",
        discussion: "Example: berth version"
    )

    func run() { Terminal.print(BerthCommand.configuration.version) }
}
