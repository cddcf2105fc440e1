import ArgumentParser
import Credentials
import Glibc
import ImageStore
import RegistryClient
import SystemPackage

/// The whole program: options that stand before the subcommand, and the subcommands.
struct BerthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "berth",
        abstract: "Pulls, pushes, keeps and runs container images.",
        version: "berth 0.1.0",
        subcommands: [
            PullCommand.self, PushCommand.self, ImagesCommand.self, ImageCommand.self, TagCommand.self,
            RemoveImageCommand.self, ImportCommand.self, CopyCommand.self, RunCommand.self, LoginCommand.self,
            LogoutCommand.self,
        ]
    )

    @Option(help: ArgumentHelp("The folder that holds images and containers.", valueName: "dir"))
    var root: String = BerthCommand.defaultRoot

    /// Does what the command line says, and exits with a status of our own when it can't.
    static func runToEnd() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Failure(error).exit()
        }
    }

    func openStore() throws -> ImageStore {
        try ImageStore(root: FilePath(root))
    }

    /// How registries are reached, as the configuration says.
    func registries() throws -> Registries {
        let credentials = CredentialStore(environment: Environment.variables)
        var configuration = RegistryClient.Configuration()
        configuration.credentials = { try await credentials.credential(for: $0) }
        return Registries(configuration: configuration)
    }

    /// - SeeAlso: XDG Base Directory Specification.
    private static var defaultRoot: String {
        if geteuid() == 0 { return "/var/lib/berth" }
        if let data = environment("XDG_DATA_HOME"), data.hasPrefix("/") { return "\(data)/berth" }
        return "\(environment("HOME") ?? "/")/.local/share/berth"
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
