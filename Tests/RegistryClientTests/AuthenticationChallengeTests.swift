import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import RegistryClient

@Suite("Challenges")
struct AuthenticationChallengeTests {
    @Test(
        "what registries ask for is understood",
        arguments: [
            (
                [
                    #"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push""#
                ],
                AuthenticationChallenge.bearer(
                    realm: "https://auth.docker.io/token",
                    service: "registry.docker.io",
                    scopes: ["repository:a/b:pull,push"]
                )
            ),
            (
                [#"bearer  Realm = "https://x/?a=b\"c\\" , scope="repository:a:pull repository:b:pull", error=x"#],
                .bearer(
                    realm: #"https://x/?a=b"c\"#,
                    service: nil,
                    scopes: ["repository:a:pull", "repository:b:pull"]
                )
            ),
            (
                [#"Basic realm="x", Bearer realm=https://x/t,service=s"#],
                .bearer(realm: "https://x/t", service: "s", scopes: [])
            ),
            ([#"Negotiate"#, #"NTLM"#, #"BASIC realm="a, Bearer realm=b""#], .basic),
            (["Basic"], .basic),
        ]
    )
    func understood(headers: [String], expected: AuthenticationChallenge) {
        #expect(AuthenticationChallenge.best(in: HTTPHeaders(headers.map { ("WWW-Authenticate", $0) })) == expected)
    }

    @Test(
        "what is no challenge, or none that can be met, is none",
        arguments: [
            "", ",,,", "=", "\"", "Bearer", #"Bearer service="x""#, #"Bearer realm="x"#, "Digest realm=x", "realm=x",
        ]
    )
    func none(header: String) {
        #expect(AuthenticationChallenge.best(in: ["WWW-Authenticate": header]) == nil)
    }

    @Test("any header is read to its end")
    func anyHeader() {
        var generator = SeededGenerator(seed: 12)
        let pieces = ["Bearer", "Basic", " ", ",", "=", "\"", "\\", "realm", "scope", "é", "\t", "x"]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0..<20, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            let challenges = ChallengeParser.challenges(in: text)
            #expect(challenges.count <= text.utf8.count)
        }
    }

    @Test("a token is renewed before it ends, and is used for a while even if it is said to end at once")
    func lifetimes() {
        let now = ContinuousClock.now
        #expect(AccessToken("x", lifetime: 300, from: now).renewal == now + .seconds(270))
        #expect(AccessToken("x", lifetime: nil, from: now).renewal == now + .seconds(54))
        #expect(AccessToken("x", lifetime: -5, from: now).renewal == now + .seconds(54))
        #expect(!AccessToken("x", lifetime: 60, from: now - .seconds(55)).isFresh)
        #expect(AccessToken("x", lifetime: .max, from: now).isFresh)
    }

    @Test("a token that is about to end is replaced before it is sent")
    func renewal() async throws {
        let fetches = Mutex(0)
        let authorization = RegistryAuthorization(
            findCredential: { _ in nil },
            fetchToken: { _, _ in
                let number = fetches.withLock {
                    $0 += 1
                    return $0
                }
                // The first was good for five more seconds, on its way.
                return AccessToken("t\(number)", lifetime: 60, from: .now - .seconds(number == 1 ? 55 : 0))
            }
        )
        let challenge = AuthenticationChallenge.bearer(realm: "https://x", service: nil, scopes: [])
        #expect(try await authorization.header(for: .registry) == nil)
        #expect(try await authorization.answer(challenge, for: .registry, refused: nil))
        #expect(try await authorization.header(for: .registry) == "Bearer t2")
        #expect(try await authorization.header(for: .registry) == "Bearer t2")
    }
}
