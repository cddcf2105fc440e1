import Access
import Synchronization

/// Keeps keys for as long as a test runs; several servers may use it.
final class MemoryKeyStore: SigningKeyStore {
    private let keys = Mutex<[String: StoredSigningKey]>([:])

    var all: [StoredSigningKey] { keys.withLock { $0.values.sorted { $0.createdAt < $1.createdAt } } }

    func signingKeys() async throws -> [StoredSigningKey] { all }

    func addSigningKey(_ key: StoredSigningKey) async throws {
        keys.withLock { if $0[key.id] == nil { $0[key.id] = key } }
    }

    func removeSigningKey(_ id: String) async throws { keys.withLock { $0[id] = nil } }
}
