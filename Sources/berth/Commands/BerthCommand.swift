import ArgumentParser
import Credentials
import Glibc
import ImageSpec
import ImageStore
import RegistryClient
import Sandbox
import Synchronization
import SystemPackage
import UserNamespaces

/// The whole program: options that stand before the subcommand, and the subcommands.
struct BerthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "berth",
        abstract: "Pulls, pushes, keeps and runs container images.",
        version: "berth 0.1.0",
        subcommands: [
            PullCommand.self, PushCommand.self, ImagesCommand.self, ImageCommand.self, TagCommand.self,
            RemoveImageCommand.self, ImportCommand.self, SaveCommand.self, LoadCommand.self, InspectCommand.self,
            HistoryCommand.self, CopyCommand.self, MirrorCommand.self, TagsCommand.self, CatalogCommand.self,
            ManifestCommand.self, DigestCommand.self, DeleteCommand.self, ReferrersCommand.self, LoginCommand.self,
            LogoutCommand.self, VersionCommand.self, CompletionCommand.self, ContainerCommand.self,
            ListContainersCommand.self, VolumeCommand.self, CacheCommand.self, UserCommand.self, GroupCommand.self,
            RobotCommand.self, TokenCommand.self, GrantCommand.self, RepositoryCommand.self, QuotaCommand.self,
            WhoAmICommand.self, AuditCommand.self,
        ] + ContainerCommand.everywhere
    )

    @Option(help: ArgumentHelp("The folder that holds images and containers.", valueName: "dir"))
    var root: String = BerthCommand.defaultRoot

    /// Does what the command line says, and exits with a status of our own when it can't.
    static func runToEnd() async {
        do {
            var command = try parseWithBooleanValues(Array(CommandLine.arguments.dropFirst()))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Failure(error).exit()
        }
    }

    /// What the configuration files say.
    func configuration() throws -> ClientConfiguration {
        try ClientConfiguration(environment: Environment.variables)
    }

    /// Opens the images of this host.
    ///
    /// - Parameter defaultRegistry: what a name without a host means; nil when the configuration is to be read for it.
    func openStore(defaultRegistry: RegistryHost? = nil) throws -> ImageStore {
        var store = try ImageStore(root: FilePath(root), userMap: .ofCaller)
        store.defaultRegistry = try defaultRegistry ?? configuration().defaultRegistry
        store.containers = { [root = store.root] in try ContainerStore(root: root).imageUses() }
        return store
    }

    /// The image that a name means.
    func reference(_ name: String) throws -> ImageReference {
        try ImageReference(name, defaultHost: configuration().defaultRegistry)
    }

    /// How registries are reached, as the configuration says.
    func registries() throws -> Registries {
        let settings = try configuration()
        let credentials = CredentialStore(environment: Environment.variables)
        var configuration = RegistryClient.Configuration()
        configuration.credentials = { host, repository in
            do {
                return try await credentials.credential(for: host, repository: repository)
            } catch let error as CredentialError where error.isMissingHelper {
                // What is there for everybody is there for those too whose helper is not installed.
                Self.warnOnce("\(error): going on without a login")
                return nil
            }
        }
        var registries = Registries(configuration: configuration)
        registries.defaultRegistry = settings.defaultRegistry
        registries.mirrors = settings.mirrors
        registries.insecureRegistries = settings.insecureRegistries
        registries.plainHTTPRegistries = settings.plainHTTPRegistries
        registries.hostsFolders = settings.hostsFolders
        return registries
    }

    /// The same, for what is sent from elsewhere than the store, but goes on after it was killed as a push does.
    func registries(rememberingUploadsAt location: StoreLocation) throws -> Registries {
        var registries = try registries()
        // Without such a folder, as where HOME can't be written to, it works all the same.
        let uploads = try? UploadSessionFolder(ImageStore.uploadsFolder(in: FilePath(location.root ?? root)))
        uploads?.removeOld()
        registries.configuration.uploads = uploads
        return registries
    }

    private static let hasWarned = Atomic(false)

    private static func warnOnce(_ text: String) {
        if !hasWarned.exchange(true, ordering: .relaxed) { Terminal.report("WARNING: \(text)") }
    }

    /// - SeeAlso: XDG Base Directory Specification.
    static var defaultRoot: String {
        if geteuid() == 0 { return "/var/lib/berth" }
        if let data = environment("XDG_DATA_HOME"), data.hasPrefix("/") { return "\(data)/berth" }
        return "\(environment("HOME") ?? "/")/.local/share/berth"
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
