import ArgumentParser
import ConfigurationText

/// `berthd check-config`: shows what a server would be configured with.
struct CheckConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Show the configuration with its sources, or all that is wrong with it.",
        discussion: "It reads the file, the environment and all certificates as 'berthd serve' does; it starts nothing."
    )

    @Option(name: .long, help: "The YAML file to read the configuration from.")
    var config: String?

    func run() async throws {
        let reading = try ConfigurationReading(file: config)
        let mistakes = reading.configuration.certificateMistakes()
        guard mistakes.isEmpty else { throw ConfigurationErrors(mistakes) }
        print(reading)
    }
}
