import ImageSpec
import SystemPackage

/// The credentials of one user: docker's, and those of podman that docker has not.
///
/// ```swift
/// let store = CredentialStore(environment: ProcessInfo.processInfo.environment)
/// let credential = try await store.credential(for: reference.host)
/// ```
///
/// They lie in docker's `config.json`, or with the credential helper that it names for a registry or for all. What
/// others wrote into that file stays. Podman's files are read, never written.
package struct CredentialStore: Sendable {
    /// Where a credential went.
    package enum Place: Sendable, Equatable {
        case file(FilePath)
        /// The helper's program.
        case helper(String)
    }

    private let file: CredentialFile
    private let fallbacks: [CredentialFile]
    /// In docker's form, from the environment; read before the files.
    private let given: String?

    /// - Parameter environment: `DOCKER_CONFIG` or `HOME` say where docker's file is, `REGISTRY_AUTH_FILE`,
    ///   `XDG_RUNTIME_DIR` and `XDG_CONFIG_HOME` where podman's are; `DOCKER_AUTH_CONFIG` holds credentials itself.
    package init(environment: [String: String]) {
        let variable = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let home = FilePath(variable("HOME") ?? "/")
        let folder = variable("DOCKER_CONFIG").map { FilePath($0) } ?? home.appending(".docker")
        file = CredentialFile(path: folder.appending("config.json"))
        let configuration = variable("XDG_CONFIG_HOME").map { FilePath($0) } ?? home.appending(".config")
        fallbacks = [
            variable("REGISTRY_AUTH_FILE").map { FilePath($0) },
            variable("XDG_RUNTIME_DIR").map { FilePath($0).appending("containers/auth.json") },
            configuration.appending("containers/auth.json"),
        ].compactMap { $0 }.map { CredentialFile(path: $0) }
        given = variable("DOCKER_AUTH_CONFIG")
    }

    /// What there is to prove to `host` who we are; nil when there is nothing.
    ///
    /// - Parameter repository: podman may have kept one for it alone.
    /// - Throws: ``CredentialError``.
    package func credential(
        for host: RegistryHost,
        repository: RepositoryName? = nil
    ) async throws -> Credential? {
        let address = ServerAddress(host)
        if let given {
            let document = try CredentialDocument(parsing: Array(given.utf8), name: "DOCKER_AUTH_CONFIG")
            if let credential = document.credential(for: address, repository: repository) { return credential }
        }
        var missing: CredentialError?
        for file in [file] + fallbacks {
            guard let document = try file.read() else { continue }
            do {
                if let name = document.helper(for: address),
                    let credential = try await CredentialHelper(named: name).credential(for: address)
                {
                    return credential
                }
            } catch let error as CredentialError where error.isMissingHelper {
                // The credential may be elsewhere.
                missing = missing ?? error
            }
            if let credential = document.credential(for: address, repository: repository) { return credential }
        }
        if let missing { throw missing }
        return nil
    }

    /// Keeps a credential, where docker would: with the helper that its file names, else in the file.
    ///
    /// - Throws: ``CredentialError``.
    package func store(_ credential: Credential, for host: RegistryHost) async throws -> Place {
        let address = ServerAddress(host)
        guard let name = try file.read()?.helper(for: address) else {
            try file.update { $0.set(credential, for: address) }
            return .file(file.path)
        }
        let helper = try CredentialHelper(named: name)
        try await helper.store(credential, for: address)
        try file.update { $0.set(nil, for: address) }
        return .helper(helper.program)
    }

    /// Forgets the credential for `host`.
    ///
    /// - Returns: whether there was one, as far as docker's file tells.
    /// - Throws: ``CredentialError``.
    package func erase(_ host: RegistryHost) async throws -> Bool {
        let address = ServerAddress(host)
        guard let document = try file.read() else { return false }
        var wasThere = document.mentions(address)
        if let name = document.helper(for: address) {
            let helper = try CredentialHelper(named: name)
            // Logins of other tools may have left no entry in the file.
            wasThere = try await helper.credential(for: address) != nil || wasThere
            try await helper.erase(address)
        }
        if document.mentions(address) { try file.update { $0.remove(address) } }
        return wasThere
    }
}
