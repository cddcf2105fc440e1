import Access
import GRDB
import ImageSpec
import Storage
import SystemPackage
import TestSupport
import Testing

@Suite("What is stored of accounts and of what they may do")
struct AccessMetadataTests {
    private let alice: AccountName
    private let bob: AccountName
    private let team: GroupName

    init() throws {
        alice = try AccountName("alice")
        bob = try AccountName("bob")
        team = try GroupName("team")
    }

    private func withStore(_ body: (SQLiteMetadataStore, FilePath) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("registry.sqlite")
            try await body(try SQLiteMetadataStore(path: path), path)
        }
    }

    private func token(
        _ id: String,
        _ kind: AccessToken.Kind = .personal,
        of owner: AccountName,
        until end: Int64? = nil,
        scopes: [Scope]? = nil
    ) -> AccessToken {
        AccessToken(
            id: id,
            kind: kind,
            owner: owner,
            name: "a name",
            hash: .of(Array(id.utf8)),
            scopes: scopes,
            createdAt: 5,
            expiresAt: end
        )
    }

    @Test("all of it is there again when the database is opened anew")
    func reopened() async throws {
        try await withStore { store, path in
            let account = Account(
                name: alice,
                isAdministrator: true,
                isEnabled: false,
                passwordHash: "$2y$10$x",
                groups: [team],
                createdAt: 7
            )
            let robot = Account(name: bob, kind: .robot, createdAt: 8)
            let scopes = [try Scope("team/**:pull,push"), try Scope("other:delete")]
            let tokens = [token("one", of: alice, until: 99, scopes: scopes), token("two", .robot, of: bob)]
            let grants = [
                Grant(.group(team), try Scope("team/**:pull")), Grant(.account(alice), try Scope("a/b:administer")),
                Grant(.signedIn, try Scope("x/*:pull")), Grant(.everyone, try Scope("**:pull")),
            ]
            let rules = [
                RepositoryRule(
                    try RepositoryPattern("team/*"),
                    visibility: .internal,
                    creation: .administrators,
                    immutableTags: ["v*", "latest"]
                ),
                RepositoryRule(try RepositoryPattern("x"), immutableTags: []),
            ]
            for account in [account, robot] { #expect(try await store.addAccount(account, asFirst: false)) }
            for token in tokens { #expect(try await store.addToken(token, needsAccount: true)) }
            for grant in grants { try await store.setGrant(grant) }
            for rule in rules { try await store.setRule(rule) }
            let before = try await store.accessState()
            try store.close()

            let state = try await SQLiteMetadataStore(path: path).accessState()
            #expect(state == before)
            #expect(state.accounts == [account, robot])
            #expect(state.groups == [alice: [team]])
            #expect(state.tokens == tokens)
            #expect(Set(state.grants) == Set(grants))
            #expect(state.rules == rules)
        }
    }

    @Test("the revision grows with every change, and with nothing else")
    func revision() async throws {
        try await withStore { store, _ in
            var last = try await store.accessRevision()
            func grows(_ what: String, _ change: () async throws -> Void) async throws {
                try await change()
                let now = try await store.accessRevision()
                #expect(now > last, "\(what)")
                #expect(try await store.accessState().revision == now)
                last = now
            }
            let grant = Grant(.account(alice), try Scope("a:pull"))
            let rule = RepositoryRule(grant.scope.pattern, visibility: .public)
            try await grows("add") { _ = try await store.addAccount(Account(name: alice, createdAt: 1), asFirst: true) }
            try await grows("password") { _ = try await store.setPasswordHash("$2y$", of: alice) }
            try await grows("disable") { _ = try await store.setEnabled(false, alice) }
            try await grows("administrator") { _ = try await store.setAdministrator(true, alice) }
            try await grows("member") { try await store.addMember(alice, to: team) }
            try await grows("no member") { _ = try await store.removeMember(alice, from: team) }
            try await grows("token") { _ = try await store.addToken(token("one", of: alice), needsAccount: true) }
            try await grows("no token") { _ = try await store.removeToken("one") }
            try await grows("grant") { try await store.setGrant(grant) }
            try await grows("no grant") {
                _ = try await store.removeGrant(to: grant.subject, on: grant.scope.pattern)
            }
            try await grows("rule") { try await store.setRule(rule) }
            try await grows("no rule") { _ = try await store.removeRule(rule.pattern) }
            try await grows("remove") { _ = try await store.removeAccount(alice) }

            _ = try await store.addBlob(
                StoredBlob(digest: .of([1]), size: 1, location: BlobLocation(rawValue: "a")),
                to: try RepositoryName("a"),
                ending: nil
            )
            _ = try await store.removeAccount(alice)
            #expect(try await store.accessRevision() == last)
        }
    }

    @Test("whoever takes the name of an account that has gone has nothing of what it had")
    func removal() async throws {
        try await withStore { store, _ in
            for name in [alice, bob] {
                _ = try await store.addAccount(Account(name: name, groups: [team], createdAt: 1), asFirst: false)
                _ = try await store.addToken(token("of \(name)", of: name), needsAccount: true)
                try await store.setGrant(Grant(.account(name), try Scope("a:pull")))
            }
            #expect(try await store.removeAccount(alice))
            #expect(try await !store.removeAccount(alice))
            _ = try await store.addAccount(Account(name: alice, createdAt: 2), asFirst: false)

            let state = try await store.accessState()
            #expect(state.accounts.first == Account(name: alice, createdAt: 2))
            #expect(state.groups == [bob: [team]])
            #expect(state.tokens.map(\.owner) == [bob])
            #expect(state.grants.map(\.subject) == [.account(bob)])
        }
    }

    @Test("of many who would be the first account at once, one is")
    func firstAccount() async throws {
        try await withStore { store, _ in
            let names = try (0..<20).map { try AccountName("user\($0)") }
            let added = try await withThrowingTaskGroup(of: Bool.self) { group in
                for name in names {
                    group.addTask { try await store.addAccount(Account(name: name, createdAt: 1), asFirst: true) }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(added == 1)
            #expect(try await store.accessState().accounts.count == 1)
            #expect(try await store.addAccount(Account(name: alice, createdAt: 1), asFirst: false))
            #expect(try await !store.addAccount(Account(name: alice, createdAt: 1), asFirst: false))
        }
    }

    @Test("a rotation ends the old tokens of its kind at a time, and keeps no more than so many")
    func rotation() async throws {
        try await withStore { store, _ in
            _ = try await store.addAccount(Account(name: bob, kind: .robot, createdAt: 1), asFirst: false)
            _ = try await store.addToken(token("early", .robot, of: bob, until: 10), needsAccount: true)
            _ = try await store.addToken(token("late", .robot, of: bob), needsAccount: true)
            _ = try await store.addToken(token("other", .personal, of: bob), needsAccount: true)
            #expect(try await store.rotateToken(to: token("new", .robot, of: bob), keeping: 5, until: 50))
            func ends() async throws -> [String: Int64] {
                try await store.accessState().tokens.reduce(into: [:]) { $0[$1.id] = $1.expiresAt ?? -1 }
            }
            #expect(try await ends() == ["early": 10, "late": 50, "other": -1, "new": -1])

            #expect(try await store.rotateToken(to: token("newer", .robot, of: bob), keeping: 1, until: 70))
            #expect(try await ends() == ["other": -1, "new": 70, "newer": -1])

            #expect(try await store.removeTokens(endedBefore: 71) == 1)
            #expect(try await !store.rotateToken(to: token("nobody's", .robot, of: alice), keeping: 1, until: 70))
            #expect(try await store.accessState().tokens.map(\.id) == ["other", "newer"])
        }
    }

    @Test("no token is added for an account that has gone")
    func tokenOfNobody() async throws {
        try await withStore { store, _ in
            let isAdded = try await store.addToken(token("one", of: alice), needsAccount: true)
            #expect(!isAdded)
            #expect(try await store.addToken(token("two", of: alice), needsAccount: false))
            #expect(try await store.accessState().tokens.map(\.id) == ["two"])
        }
    }

    @Test("a group ends with its members and what was granted to it")
    func group() async throws {
        try await withStore { store, _ in
            try await store.addMember(alice, to: team)
            try await store.addMember(alice, to: team)
            try await store.setGrant(Grant(.group(team), try Scope("a:pull")))
            #expect(try await store.removeGroup(team))
            #expect(try await !store.removeGroup(team))
            let state = try await store.accessState()
            #expect(state.groups.isEmpty && state.grants.isEmpty)
        }
    }

    @Test(
        "a row that no version of Berth writes is an error that names its table",
        arguments: [
            ("accounts", "INSERT INTO accounts VALUES ('Not A Name', 'person', 0, 1, NULL, 1)"),
            ("accounts", "INSERT INTO accounts VALUES ('a', 'ghost', 0, 1, NULL, 1)"),
            ("account_groups", "INSERT INTO account_groups VALUES ('a', '')"),
            ("access_tokens", "INSERT INTO access_tokens VALUES (1, 'i', 'md5:0', 'personal', 'a', 'n', NULL, 1, 1)"),
            ("grants", "INSERT INTO grants VALUES ('user:a:b', 'a', 'pull')"),
            ("grants", "INSERT INTO grants VALUES ('user:a', 'a', 'fly')"),
            ("repository_rules", "INSERT INTO repository_rules VALUES ('a', 'hidden', NULL, NULL)"),
        ]
    )
    func corruptRows(table: String, statement: String) async throws {
        try await withStore { store, path in
            let other = try DatabaseQueue(path: path.string)
            try await other.write { try $0.execute(sql: statement) }
            let error = await #expect(throws: StorageError.self) { try await store.accessState() }
            guard case .corruptRow(table, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("another process changes accounts while this one writes, and neither fails")
    func besideAnother() async throws {
        try await withStore { store, path in
            let other = try SQLiteMetadataStore(joining: path)
            let before = try await store.accessRevision()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    let one = Account(name: try AccountName("one\(number)"), createdAt: 1)
                    let two = Account(name: try AccountName("two\(number)"), createdAt: 1)
                    group.addTask { _ = try await store.addAccount(one, asFirst: false) }
                    group.addTask { _ = try await other.addAccount(two, asFirst: false) }
                }
                try await group.waitForAll()
            }
            let state = try await store.accessState()
            #expect(state.accounts.count == 100)
            #expect(state.revision == before + 100)
            try other.close()
        }
    }

    @Test("a database of an older Berth can't be joined")
    func joinsNoOlder() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("registry.sqlite")
            try await DatabaseQueue(path: path.string).write { try $0.execute(sql: "CREATE TABLE x (y)") }
            #expect(throws: StorageError.schemaTooOld) { try SQLiteMetadataStore(joining: path) }
        }
    }

    @Test("nobody else on the machine can read the database, whatever its file was before")
    func isClosedToOthers() async throws {
        try await withStore { store, path in
            _ = try await store.addAccount(Account(name: alice, createdAt: 1), asFirst: false)
            func modes() throws -> [UInt16] {
                try ["", "-wal", "-shm"].map { try FileMode.of(path.string + $0) & 0o007 }
            }
            #expect(try modes() == [0, 0, 0])
            for suffix in ["", "-wal", "-shm"] { try FileMode.set(0o644, of: path.string + suffix) }
            let again = try SQLiteMetadataStore(path: path)
            #expect(try modes() == [0, 0, 0])
            try again.close()
        }
    }
}
