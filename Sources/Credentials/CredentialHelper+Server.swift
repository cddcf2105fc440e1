import ImageSpec

extension CredentialHelper {
    /// What the helper with this name keeps for a registry; nil when that is nothing.
    ///
    /// - Parameter name: what follows `docker-credential-` in the program's name.
    /// - Throws: ``CredentialError``.
    package static func credential(for host: RegistryHost, keptBy name: String) async throws -> Credential? {
        try await CredentialHelper(named: name).credential(for: ServerAddress(host))
    }
}
