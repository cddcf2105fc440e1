import ArgumentParser
import ImageSpec
import ImageStore
import RegistryClient

/// `berth pull`.
struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "pull", abstract: "Fetches an image from a registry.")

    @ParentCommand var berth: BerthCommand

    @Flag(name: .shortAndLong, help: "Print only the name.")
    var quiet = false

    @Option(help: ArgumentHelp("Take the image for this platform.", valueName: "os/architecture[/variant]"))
    var platform: String?

    @Argument(help: ArgumentHelp("What to fetch.", valueName: "name[:tag|@digest]"))
    var name: String

    func run() async throws {
        let reference = try berth.reference(name)
        let platform = try platform.map { try Platform($0) }
        let store = try berth.openStore()
        let progress = PullProgress(of: reference, isQuiet: quiet)
        progress.begin(name: name)
        let result = try await berth.registries().pulling(reference, onFailure: MirrorNotice.report) { client in
            try await store.pull(reference, platform: platform, from: client, onEvent: progress.show)
        }
        progress.end(result)
    }
}
