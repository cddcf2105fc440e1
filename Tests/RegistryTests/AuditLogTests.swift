import Access
import Foundation
import ImageSpec
import Logging
import Registry
import Storage
import SystemPackage
import Testing

@Suite("The audit")
struct AuditLogTests {
    private let alice: Identity
    private let app: RepositoryName

    init() throws {
        alice = .account(try AccountName("alice"))
        app = try RepositoryName("team/app")
    }

    private func withStore(_ body: (SQLiteMetadataStore, FilePath) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("berth-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = FilePath(path)
        try await body(try SQLiteMetadataStore(path: folder.appending("registry.sqlite")), folder)
    }

    private func kept(in store: SQLiteMetadataStore) async throws -> [AuditEntry] {
        var query = AuditQuery(limit: 10_000)
        query.page = .after(0)
        return try await store.audit(query)
    }

    private func caller(_ identity: Identity, _ address: String = "192.0.2.1") -> Caller {
        var logger = Logger(label: "test")
        logger[metadataKey: "request_id"] = "r1"
        return Caller(identity: identity, address: address, logger: logger)
    }

    private func credentials(_ audit: AuditLog) throws -> AuditedCredentials {
        let policy = AccessPolicy(accounts: [Account(name: try AccountName("alice"), createdAt: 0)])
        return AuditedCredentials(RightPassword(), access: AccessControl(policy), audit: audit)
    }

    private func logIn(
        _ name: String,
        _ password: String,
        from address: String,
        _ credentials: AuditedCredentials
    ) async throws {
        let credential = BasicCredential(username: name, password: password)
        _ = try? await credentials.authenticate(credential, from: address)
    }

    @Test("logins that fail again and again become two entries: the first, and how many followed")
    func repeatedLogins() async throws {
        try await withStore { store, _ in
            let audit = AuditLog(store, keepsPulls: false)
            let credentials = try credentials(audit)
            for _ in 0..<1000 { try await logIn("alice", "wrong", from: "192.0.2.1", credentials) }
            try await logIn("alice", "wrong", from: "192.0.2.2", credentials)
            try await logIn("alice", "right", from: "192.0.2.1", credentials)
            try await audit.flush()
            let first = try await kept(in: store)
            #expect(first.map(\.actor.name) == ["alice", "alice", "alice"])
            #expect(first.map(\.clientAddress) == ["192.0.2.1", "192.0.2.2", "192.0.2.1"])
            #expect(first.map(\.result) == [.denied, .denied, .succeeded])
            #expect(first.map(\.actor.kind) == [.unproven, .unproven, .account])
            try await audit.flush(isLast: true)
            let rest = try await kept(in: store).dropFirst(3)
            #expect(rest.map(\.detail) == ["a wrong password; 999 times more"])
        }
    }

    @Test("whoever tries any number of names and addresses fills neither memory nor disk, and is counted")
    func flood() async throws {
        try await withStore { store, _ in
            let audit = AuditLog(store, keepsPulls: false)
            let credentials = try credentials(audit)
            for number in 0..<20_000 { try await logIn("a secret", "wrong", from: "address \(number)", credentials) }
            try await audit.flush(isLast: true)
            let count = try await kept(in: store).count
            #expect(count < 5000)
            #expect(audit.kept.value == count)
            #expect(audit.dropped.value == 20_000 - count)
            // It may be a password in the wrong place.
            let names = try await kept(in: store).compactMap(\.actor.name)
            #expect(names == [])
        }
    }

    @Test("what can't be kept now waits, as far as there is room, and is kept later in its order")
    func failingStore() async throws {
        try await withStore { store, _ in
            let failing = FailingAudit(store)
            let audit = AuditLog(failing, keepsPulls: true)
            let caller = caller(alice)
            for number in 0..<12_000 {
                audit.notePull(caller.auditEntry(.pull, repository: app, reference: "t\(number)"))
            }
            failing.fails.store(true, ordering: .relaxed)
            await #expect(throws: FailingAudit.Failure.self) { try await audit.flush() }
            audit.notePull(caller.auditEntry(.pull, repository: app, reference: "late"))
            failing.fails.store(false, ordering: .relaxed)
            try await audit.flush()
            let references = try await kept(in: store).map(\.reference)
            #expect(references == (0..<10_000).map { "t\($0)" })
            #expect(audit.dropped.value == 2001)
        }
    }

    @Test("keeps who did what to which digest, from where and by which request, with the change")
    func changes() async throws {
        try await withStore { store, folder in
            let policy = AccessPolicy(
                accounts: [Account(name: try AccountName("alice"), createdAt: 0)],
                grants: [
                    Grant(.account(try AccountName("alice")), Scope(try RepositoryPattern("team/*"), [.pull, .push]))
                ]
            )
            var configuration = RegistryConfiguration()
            configuration.auditsPulls = true
            let registry = Registry(
                blobs: try FileBlobStore(root: folder),
                metadata: store,
                configuration: configuration,
                access: AccessControl(policy)
            )
            let config = Array("{}".utf8)
            let caller = caller(alice)
            _ = try await registry.upload(TestBody(config), as: .of(config), in: app, as: caller)
            let manifest = try Manifest(
                ImageManifest(config: Descriptor(mediaType: .ociConfig, content: config), layers: [])
            )
            let tag = ManifestReference.tag(try Tag("v1"))
            _ = try await registry.putManifest(
                manifest.bytes,
                contentType: manifest.mediaType,
                at: tag,
                in: app,
                as: caller
            )
            // Durable before the answer: nothing was flushed.
            let pushed = try await kept(in: store)
            #expect(pushed.map(\.action) == [.push])
            #expect(pushed.first?.actor == AuditActor(alice))
            #expect(pushed.first?.digest == manifest.digest())
            #expect(pushed.first?.reference == "v1")
            #expect(pushed.first?.clientAddress == "192.0.2.1")
            #expect(pushed.first?.requestID == "r1")

            _ = try await registry.manifest(tag, in: app, isPull: true, as: caller)
            _ = try await registry.manifest(tag, in: app, isPull: false, as: caller)
            await #expect(throws: RegistryError.self) { try await registry.deleteManifest(tag, from: app, as: caller) }
            let secret = try RepositoryName("secret/app")
            await #expect(throws: RegistryError.self) { try await registry.manifest(tag, in: secret, as: caller) }
            await #expect(throws: RegistryError.administrationDenied) {
                try await registry.auditEntries(AuditQuery(limit: 1), as: caller)
            }
            try await registry.audit.flush(isLast: true)
            let rest = try await kept(in: store).dropFirst()
            #expect(rest.map(\.action) == [.pull, .access, .access, .access])
            #expect(rest.map(\.detail) == [nil, "delete", "pull", "administer the registry"])
            #expect(rest.map(\.result) == [.succeeded, .denied, .denied, .denied])
        }
    }

    @Test("is trimmed by age alone, and says so")
    func trim() async throws {
        try await withStore { store, _ in
            let audit = AuditLog(store, keepsPulls: false)
            var old = caller(alice).auditEntry(.push, repository: app)
            let new = old
            old.time -= 7_200_000
            try await audit.append(old)
            try await audit.append(new)
            #expect(try await audit.trim(olderThan: .seconds(3600)) == 1)
            #expect(try await audit.trim(olderThan: .seconds(3600)) == 0)
            let rest = try await kept(in: store)
            #expect(rest.map(\.action) == [.push, .trimAudit])
            #expect(rest.first?.time == new.time)
        }
    }
}

/// Lets everybody in who says "right".
private struct RightPassword: CredentialAuthenticator {
    func authenticate(
        _ credential: BasicCredential,
        from address: String
    ) async throws(AuthenticationError) -> Identity {
        guard credential.password == "right", let name = try? AccountName(credential.username) else {
            throw .wrongCredential
        }
        return .account(name)
    }
}
