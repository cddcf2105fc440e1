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

    @Flag(name: .shortAndLong, help: "Print only the name.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Send all tags of the repository that are here.")
    var allTags = false

    @Argument(help: ArgumentHelp("What to send, and where to.", valueName: "name[:tag]"), completion: .images)
    var name: String

    func run() async throws {
        let reference = try allTags ? RepositoryArgument(name, for: berth).reference : berth.reference(name)
        let store = try berth.openStore(location)
        let configuration = try berth.configuration()
        let jobs = options.jobs ?? configuration.jobs
        let takesForeignLayers = configuration.foreignLayerRegistries.contains(reference.host)
        let client = try await berth.registries().pushClient(for: reference.host)
        for reference in try allTags ? Self.tags(of: reference, in: store) : [reference] {
            let progress = TransferProgress(options.progress, isQuiet: quiet)
            try await PushProgress(of: reference, named: allTags ? "\(reference)" : name, as: progress).run { show in
                try await store.push(
                    reference,
                    to: client,
                    jobs: jobs,
                    foreignLayers: takesForeignLayers,
                    onEvent: show
                )
            }
        }
    }

    /// The names with a tag that images here have in a repository.
    private static func tags(of repository: ImageReference, in store: ImageStore) throws -> [ImageReference] {
        let names = try store.images().compactMap(\.reference).filter {
            $0.host == repository.host && $0.repository == repository.repository && $0.digest == nil
        }
        guard !names.isEmpty else { throw ImageStoreError.noSuchImage(repository.familiarRepository) }
        return names.sorted { ($0.tag ?? .latest) < ($1.tag ?? .latest) }
    }
}
