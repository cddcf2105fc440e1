import ArgumentParser
import ImageSpec

/// `berth whoami`.
struct WhoAmICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Shows as whom you are logged in to a berthd.",
        discussion: "Example: berth whoami registry.example.com"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var server: AdministeredRegistry

    @Option(help: ArgumentHelp("How to print: text or json.", valueName: "text|json"))
    var format = OutputFormat.text

    func run() async throws {
        let answer = try await server.get("whoami", by: berth)
        switch format {
        case .json: Terminal.print(String(decoding: answer.compactText, as: UTF8.self))
        case .text: Terminal.print((answer["name"]?.string ?? "(anybody: there are no accounts)").harmless)
        }
    }
}
