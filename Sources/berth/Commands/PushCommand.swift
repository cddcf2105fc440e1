import ArgumentParser
import ImageSpec
import ImageStore
import RegistryClient

/// `berth push`.
struct PushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Sends an image to its registry.",
        discussion: "Example: berth push registry.example/team/app:1"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @OptionGroup var options: TransferOptions

    @Argument(help: ArgumentHelp("What to send, and where to.", valueName: "name[:tag]"), completion: .images)
    var name: String

    func run() async throws {
        let reference = try berth.reference(name)
        let store = try berth.openStore(location)
        let jobs = try options.jobs ?? berth.configuration().jobs
        let client = try await berth.registries().pushClient(for: reference.host)
        let progress = TransferProgress(options.progress, isQuiet: options.quiet)
        try await PushProgress(of: reference, as: progress).run { show in
            try await store.push(reference, to: client, jobs: jobs, onEvent: show)
        }
    }
}
