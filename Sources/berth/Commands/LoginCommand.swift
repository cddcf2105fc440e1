import ArgumentParser
import Credentials
import ImageSpec
import RegistryClient

/// `berth login`.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Proves to a registry who you are, and keeps what proves it.",
        discussion: """
            The credential is kept where docker keeps it: in config.json below $DOCKER_CONFIG or ~/.docker, or with \
            the credential helper named there.

            Example: berth login --username team --password-stdin registry.example.com < password.txt
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup(visibility: .hidden) var location: StoreLocation

    @Option(name: .shortAndLong, help: "The user's name; asked for when it isn't given.")
    var username: String?

    @Option(name: .shortAndLong, help: "The password or an access token; others on this host can see it here.")
    var password: String?

    @Flag(help: "Read the password from the standard input.")
    var passwordStdin = false

    @Argument(help: ArgumentHelp("The registry; by default the one that names without a host mean.", valueName: "host"))
    var registry: String?

    func validate() throws {
        if passwordStdin, password != nil {
            throw ValidationError("--password and --password-stdin are mutually exclusive")
        }
        if passwordStdin, username ?? "" == "" {
            throw ValidationError("Must provide --username with --password-stdin")
        }
    }

    func run() async throws {
        if password != nil {
            Terminal.report("WARNING! Using --password via the CLI is insecure. Use --password-stdin.")
        }
        let registries = try berth.registries()
        let host = try registry.map { try LoginTarget.host($0) } ?? registries.defaultRegistry
        let client = try await registries.client(for: host)
        let credentials = CredentialStore(environment: Environment.variables)
        if username == nil, password == nil, try await hasWorkingCredential(in: credentials, for: host, client) {
            Terminal.print("Login Succeeded")
            return
        }
        let credential = try await login(client, as: askForCredential())
        do {
            warn(of: try await credentials.store(credential, for: host))
        } catch let error as CredentialError where error.isMissingHelper {
            throw LoginError.notKept(host, error)
        }
        Terminal.print("Login Succeeded")
    }

    private func login(_ client: RegistryClient, as credential: Credential) async throws -> Credential {
        do {
            return try await client.login(with: credential)
        } catch RegistryClientError.loginRefused(_, let refusal) {
            throw LoginError.refused(client.registry, refusal)
        } catch RegistryClientError.refused(let refusal) where [401, 403].contains(refusal.status) {
            throw LoginError.refused(client.registry, refusal)
        }
    }

    /// A user who has logged in before need not type anything.
    private func hasWorkingCredential(
        in credentials: CredentialStore,
        for host: RegistryHost,
        _ client: RegistryClient
    ) async throws -> Bool {
        guard let credential = try await credentials.credential(for: host) else { return false }
        Terminal.print("Authenticating with existing credentials...")
        do {
            _ = try await login(client, as: credential)
            return true
        } catch let error as LoginError {
            Terminal.report("Login did not succeed, error: \(error)")
            return false
        }
    }

    private func askForCredential() throws -> Credential {
        if passwordStdin {
            let password = try TerminalPrompt.wholeInput()
            guard !password.isEmpty else { throw LoginError.missing("password") }
            return .password(username: username ?? "", password: password)
        }
        let prompt = TerminalPrompt()
        do {
            let username = try username ?? prompt.ask("Username: ")
            guard !username.isEmpty else { throw LoginError.missing("username") }
            let password = try password ?? prompt.askForSecret("Password: ")
            guard !password.isEmpty else { throw LoginError.missing("password") }
            return .password(username: username, password: password)
        } catch is NoTerminal {
            throw LoginError.noTerminal
        }
    }

    private func warn(of place: CredentialStore.Place) {
        guard case .file(let path) = place else { return }
        Terminal.report(
            """

            WARNING! Your credentials are stored unencrypted in '\(path)'.
            Configure a credential helper to remove this warning. See
            https://docs.docker.com/go/credential-store/

            """
        )
    }
}
