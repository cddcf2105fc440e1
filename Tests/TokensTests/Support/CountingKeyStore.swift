import Access
import Synchronization

/// Counts how often the keys are loaded.
final class CountingKeyStore: SigningKeyStore {
    private let store = MemoryKeyStore()
    private let loads = Mutex(0)

    var loadCount: Int { loads.withLock { $0 } }

    func signingKeys() async throws -> [StoredSigningKey] {
        loads.withLock { $0 += 1 }
        return try await store.signingKeys()
    }

    func addSigningKey(_ key: StoredSigningKey) async throws { try await store.addSigningKey(key) }

    func removeSigningKey(_ id: String) async throws { try await store.removeSigningKey(id) }
}
