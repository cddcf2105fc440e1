import ArgumentParser
import Credentials
import ImageSpec

/// `berth logout`.
struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Forgets what proves to a registry who you are.",
        discussion: "Example: berth logout registry.example.com"
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup(visibility: .hidden) var location: StoreLocation

    @Argument(help: ArgumentHelp("The registry; by default the one that names without a host mean.", valueName: "host"))
    var registry: String?

    func run() async throws {
        let host = try registry.map { try LoginTarget.host($0) } ?? berth.configuration().defaultRegistry
        let wasThere = try await CredentialStore(environment: Environment.variables).erase(host)
        Terminal.print(wasThere ? "Removing login credentials for \(host)" : "Not logged in to \(host)")
    }
}
