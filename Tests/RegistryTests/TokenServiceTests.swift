import Access
import ImageSpec
import Registry
import Synchronization
import Testing
import Tokens

@Suite("The token service")
struct TokenServiceTests {
    /// Knows alice and her refresh token, and counts what it is asked.
    private final class Accounts: CredentialAuthenticator {
        private let asked = Mutex<[String]>([])

        var questions: [String] { asked.withLock { $0 } }

        func authenticate(
            _ credential: BasicCredential,
            from address: String
        ) async throws(AuthenticationError) -> Identity {
            asked.withLock { $0.append("\(credential.username) from \(address)") }
            guard let alice = try? AccountName("alice") else { throw .busy }
            switch (credential.username, credential.password) {
            case ("alice", "right"): return .account(alice)
            case ("<token>", "refresh"): return .account(alice, scopes: nil, tokenID: "r1")
            case ("alice", "access token"): return .account(alice, scopes: nil, tokenID: "t1")
            case ("locked", _): throw .lockedOut(retryAfter: .seconds(30))
            default: throw .wrongCredential
            }
        }
    }

    private final class Keys: SigningKeyStore {
        private let keys = Mutex<[StoredSigningKey]>([])
        func signingKeys() async throws -> [StoredSigningKey] { keys.withLock { $0 } }
        func addSigningKey(_ key: StoredSigningKey) async throws { keys.withLock { $0.append(key) } }
        func removeSigningKey(_ id: String) async throws {}
    }

    private let accounts = Accounts()
    private let service: TokenService
    private let policy: AccessPolicy

    init() async throws {
        let alice = try AccountName("alice")
        let policy = AccessPolicy(
            accounts: [Account(name: alice, createdAt: 0)],
            tokens: ["r1", "t1"].enumerated().map { index, id in
                AccessToken(
                    id: id,
                    kind: .personal,
                    owner: alice,
                    name: id,
                    hash: .of([UInt8(index)]),
                    scopes: nil,
                    createdAt: 0,
                    expiresAt: nil
                )
            },
            grants: [Grant(.account(alice), try Scope("team/**:pull,push"))],
            rules: [RepositoryRule(try RepositoryPattern("public/**"), visibility: .public)]
        )
        self.policy = policy
        let keys = SigningKeys(store: Keys())
        try await keys.refresh()
        let configuration = TokenConfiguration()
        service = TokenService(
            issuer: TokenIssuer(keys: keys, configuration: configuration),
            authority: TokenAuthority(
                own: TokenVerifier(keys: keys, configuration: configuration),
                fetch: { _ in [] }
            ),
            authenticator: accounts,
            makeRefreshToken: { name, client in "refresh token of \(name) for \(client)" },
            policy: { policy }
        )
    }

    private func answer(
        _ proof: TokenRequest.Proof,
        _ scopes: String...,
        wantsRefreshToken: Bool = false
    ) async throws(TokenServiceError) -> TokenAnswer {
        try await service.answer(
            to: TokenRequest(
                proof: proof,
                scopes: RequestedScope.list(scopes),
                wantsRefreshToken: wantsRefreshToken,
                client: "docker"
            ),
            from: "192.0.2.1"
        )
    }

    private func identity(of answer: TokenAnswer) async throws -> Identity {
        try await service.authority.verify(answer.token.text, policy: policy).identity
    }

    private func password(_ password: String, of user: String = "alice") -> TokenRequest.Proof {
        .password(BasicCredential(username: user, password: password))
    }

    @Test("gives a token for a right password, and says where the attempt came from")
    func rightPassword() async throws {
        let answer = try await answer(password("right"), "repository:team/app:pull,push,delete")
        let identity = try await identity(of: answer)
        #expect(identity == .account(try AccountName("alice"), scopes: [try Scope("team/app:pull,push")], tokenID: nil))
        #expect(accounts.questions == ["alice from 192.0.2.1"])
        #expect(answer.refreshToken == nil)
    }

    @Test("tells a login that it is wrong")
    func wrongLogin() async throws {
        await #expect(throws: TokenServiceError.refused(.wrongCredential)) { try await answer(password("wrong")) }
        await #expect(throws: TokenServiceError.refused(.lockedOut(retryAfter: .seconds(30)))) {
            try await answer(password("right", of: "locked"))
        }
    }

    @Test("gives who comes with a wrong login what anybody gets, when that is all they ask for")
    func wrongForPublic() async throws {
        for user in ["alice", "locked", "nobody"] {
            let answer = try await answer(password("wrong", of: user), "repository:public/app:pull")
            #expect(try await identity(of: answer) == .anonymous)
        }
        for scopes in [
            ["repository:team/app:pull"], ["repository:public/app:pull,push"],
            ["repository:public/app:pull", "repository:team/app:pull"], ["registry:catalog:*"],
            ["repository:missing/app:pull"],
        ] {
            await #expect(throws: TokenServiceError.refused(.wrongCredential)) {
                try await service.answer(
                    to: TokenRequest(
                        proof: password("wrong"),
                        scopes: RequestedScope.list(scopes),
                        wantsRefreshToken: false,
                        client: "docker"
                    ),
                    from: ""
                )
            }
        }
    }

    @Test("gives nobody in particular a token that allows what anybody may")
    func anonymous() async throws {
        let answer = try await answer(.none, "repository:team/app:pull,push", "repository:public/app:pull,push")
        #expect(try await identity(of: answer) == .anonymous)
        #expect(accounts.questions.isEmpty)
        let nothing = try await self.answer(.none)
        #expect(try await identity(of: nothing) == .anonymous)
    }

    @Test("gives a refresh token to who logs in with a password, and takes it in the password's place")
    func refreshToken() async throws {
        let login = try await answer(password("right"), wantsRefreshToken: true)
        #expect(login.refreshToken == "refresh token of alice for docker")
        let again = try await answer(.refreshToken("refresh"), "repository:team/app:pull", wantsRefreshToken: true)
        #expect(again.refreshToken == nil)
        #expect(
            try await identity(of: again)
                == .account(AccountName("alice"), scopes: [Scope("team/app:pull")], tokenID: "r1")
        )
        await #expect(throws: TokenServiceError.refused(.wrongCredential)) {
            try await answer(.refreshToken("another"))
        }
    }

    @Test("gives no refresh token that would outlive the access token it was asked for with")
    func refreshTokenForToken() async throws {
        let answer = try await answer(password("access token"), wantsRefreshToken: true)
        #expect(answer.refreshToken == nil)
        let anonymous = try await self.answer(.none, wantsRefreshToken: true)
        #expect(anonymous.refreshToken == nil)
    }

    @Test("gives no new token for one of its own, in whatever way it comes")
    func ownToken() async throws {
        let token = try await answer(password("right"), "repository:team/app:pull").token.text
        await #expect(throws: TokenServiceError.token(.unknownIssuer("berth"))) { try await answer(.token(token)) }
        await #expect(throws: TokenServiceError.token(.unknownIssuer("berth"))) {
            try await answer(password(token), "repository:team/app:push")
        }
        await #expect(throws: TokenServiceError.refused(.wrongCredential)) { try await answer(.refreshToken(token)) }
    }
}
