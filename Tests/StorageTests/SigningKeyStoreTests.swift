import Access
import Storage
import TestSupport
import Testing

@Suite("Stored signing keys")
struct SigningKeyStoreTests {
    @Test("are there when the database is opened again, until they are removed")
    func keys() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("registry.sqlite")
            let first = StoredSigningKey(id: "a", algorithm: "ES256", secret: [0, 1, 255], createdAt: 10)
            let second = StoredSigningKey(id: "b", algorithm: "EdDSA", secret: [2], createdAt: 20)
            let store = try SQLiteMetadataStore(path: path)
            #expect(try await store.signingKeys() == [])
            try await store.addSigningKey(first)
            try await store.addSigningKey(second)
            try await store.addSigningKey(StoredSigningKey(id: "a", algorithm: "EdDSA", secret: [9], createdAt: 30))
            try store.close()

            let again = try SQLiteMetadataStore(path: path)
            #expect(Set(try await again.signingKeys()) == [first, second])
            try await again.removeSigningKey("a")
            try await again.removeSigningKey("missing")
            #expect(try await again.signingKeys() == [second])
            try again.close()
        }
    }
}
