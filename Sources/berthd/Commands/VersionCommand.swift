import ArgumentParser

/// `berthd version`.
struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Show the version.")

    func run() async throws {
        print("berthd \(Berthd.version)")
    }
}
