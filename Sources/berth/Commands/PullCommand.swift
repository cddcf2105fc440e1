import ArgumentParser
import ImageSpec
import ImageStore
import RegistryClient

/// `berth pull`.
struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetches an image from a registry.",
        discussion: "Example: berth pull --platform linux/arm64 nginx:1.27"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @OptionGroup var options: TransferOptions

    @Flag(name: .shortAndLong, help: "Print only the name.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Fetch all tags of the repository.")
    var allTags = false

    @Option(help: ArgumentHelp("Take the image for this platform.", valueName: "os/architecture[/variant]"))
    var platform: String?

    @Argument(help: ArgumentHelp("What to fetch.", valueName: "name[:tag|@digest]"))
    var name: String

    func run() async throws {
        let reference = try allTags ? RepositoryArgument(name, for: berth).reference : berth.reference(name)
        let platform = try platform.map { try Platform($0) }
        let store = try berth.openStore(location)
        let jobs = try options.jobs ?? berth.configuration().jobs
        let registries = try berth.registries()
        async let filter: Void = store.prepareFilter()
        let pull = { (reference: ImageReference, name: String) in
            let progress = TransferProgress(options.progress, isQuiet: quiet)
            try await PullProgress(of: reference, as: progress).run(name: name) { show in
                try await registries.pulling(reference, onFailure: progress.notePassedOver) { client in
                    try await store.pull(reference, platform: platform, from: client, jobs: jobs, onEvent: show)
                }
            }
        }
        guard allTags else {
            _ = try await pull(reference, name)
            return await filter
        }
        let progress = TransferProgress(.plain, isQuiet: quiet)
        let all = try await registries.pulling(reference, onFailure: progress.notePassedOver) { client in
            try await AllTags(of: reference, at: client)
        }
        try await all.forEach { _ = try await pull($0, $0.familiarName) }
        await filter
    }
}
