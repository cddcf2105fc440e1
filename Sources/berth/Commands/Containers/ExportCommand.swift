import ArgumentParser
import Glibc
import Sandbox
import SystemPackage

/// `berth export`.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a container's files to a tar archive.",
        discussion: """
            Without those of volumes; the same bytes whether it runs or not.

            Examples:
              berth export -o web.tar web
              berth export web | berth import - web:copy
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to write; by default the standard output.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    @Argument(help: ArgumentHelp("A name, or the beginning of an ID.", valueName: "container"), completion: .containers)
    var container: String

    func run() async throws {
        guard output != nil || isatty(STDOUT_FILENO) == 0 else { throw OutputError.isATerminal }
        let files = try berth.openContainers(location).find(container).openFiles(toWrite: false)
        guard let output else { return try files.tree().export(to: .standardOutput) }
        try await OutputFile.write(FilePath(output)) { try files.tree().export(to: $0) }
    }
}
