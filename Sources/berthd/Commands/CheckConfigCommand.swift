import ArgumentParser

/// `berthd check-config`: shows what a server would be configured with.
struct CheckConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Show the configuration with its sources, or all that is wrong with it.",
        discussion: "It reads the file and the environment as 'berthd serve' does, and starts nothing."
    )

    @Option(name: .long, help: "The YAML file to read the configuration from.")
    var config: String?

    func run() async throws {
        print(try ConfigurationReading(file: config))
    }
}
