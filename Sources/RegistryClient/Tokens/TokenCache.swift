import Synchronization

/// The tokens that a registry gave, by what they allow.
final class TokenCache: Sendable {
    /// Protects the map: requests run at once.
    private let tokens = Mutex<[RepositoryAccess: String]>([:])

    subscript(access: RepositoryAccess) -> String? {
        get { tokens.withLock { $0[access] } }
        set { tokens.withLock { $0[access] = newValue } }
    }
}
