import Access
import Registry
import Storage
import SystemPackage

extension Berthd {
    /// Makes changes to the database of a server that doesn't run.
    static func changeMetadata(
        in folder: FilePath,
        _ change: (SQLiteMetadataStore) async throws -> Void
    ) async throws {
        let store = try SQLiteMetadataStore(path: folder.appending("registry.sqlite"))
        do {
            try await change(store)
        } catch {
            try? store.close()
            throw error
        }
        try store.close()
    }

    /// Makes the accounts `admin`, who administers everything, and `alice` and `bob`, who may do what `scopes` say; the
    /// password of each is their name and `-password`.
    static func addAccounts(in folder: FilePath, scopes: [Scope]) async throws {
        try await changeMetadata(in: folder) { store in
            // The least that bcrypt takes: tests log in often.
            var configuration = AccessConfiguration()
            configuration.passwordCost = 4
            let access = try await AccessControl(metadata: store, configuration: configuration)
            for name in ["admin", "alice", "bob"] {
                let account = try AccountName(name)
                try await access.addPerson(
                    account,
                    password: "\(name)-password",
                    isAdministrator: name == "admin"
                )
                for scope in scopes where name != "admin" {
                    try await store.setGrant(Grant(.account(account), scope))
                }
            }
        }
    }
}
