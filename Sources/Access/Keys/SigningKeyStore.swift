/// Keeps the keys that sign tokens, for all who serve the same registry.
///
/// Several of these may use it at once: each loads again what the others added and removed.
package protocol SigningKeyStore: Sendable {
    func signingKeys() async throws -> [StoredSigningKey]

    /// Adds a key; one of the same id stays as it is.
    func addSigningKey(_ key: StoredSigningKey) async throws

    /// Removes a key, if it is there.
    func removeSigningKey(_ id: String) async throws
}
