import ImageSpec
import NIOHTTP1
import SystemPackage
import Testing

@Suite("Identity providers of CI systems")
struct OpenIDTests {
    private static let scope = "scope=repository:team/app:pull,push&scope=repository:team/other:pull"

    private static func berthd(
        on bench: TestBench,
        trusting provider: OpenIDProvider,
        folder name: String = "data"
    ) async throws -> RunningRegistry {
        let file = bench.folder.appending("oidc.yaml")
        try write(
            """
            oidc:
              - issuer: \(provider.address)
                audiences: [\(OpenIDProvider.audience)]
                rules:
                  - when: repository == "team/app" && ref in ["refs/heads/main", "refs/heads/next"]
                    grant: ['${repository}:pull,push']
            """,
            to: file
        )
        let folder = try bench.makeFolder(name)
        return try await Berthd.start(on: bench, folder: folder, arguments: ["--config", file.string])
    }

    private static let claims: [String: JSONValue] = [
        "repository": .string("team/app"), "ref": .string("refs/heads/main"),
    ]

    @Test("let a job have what a rule grants: its token comes as a password, or as it is")
    func exchange() async throws {
        try await OpenIDProvider.use { provider, _ in
            try await TestBench.use { bench in
                let registry = try await Self.berthd(on: bench, trusting: provider)
                let token = try provider.token(Self.claims)
                for headers: HTTPHeaders in [.basic("oidc", token), .basic("whoever", token), .bearer(token)] {
                    let reply = try TokenReply(await registry.call(.GET, "/auth/token?\(Self.scope)", headers: headers))
                    #expect(reply.access == ["team/app:pull,push"])
                    #expect(reply.claims["sub"]?.string?.hasSuffix("/repo:team/app") == true)
                }
                let form = "grant_type=password&username=oidc&password=\(token)&\(Self.scope)"
                let posted = try TokenReply(await registry.call(.POST, "/auth/token", body: Array(form.utf8)))
                #expect(posted.access == ["team/app:pull,push"])
            }
        }
    }

    @Test("give nothing for a token that no rule is about, that is for another, or that is not theirs")
    func refused() async throws {
        try await OpenIDProvider.use { provider, server in
            try await TestBench.use { bench in
                let registry = try await Self.berthd(on: bench, trusting: provider)
                let tokens = [
                    try provider.token(Self.claims.merging(["ref": .string("refs/heads/evil")]) { $1 }),
                    try provider.token(Self.claims.merging(["aud": .string("another.test")]) { $1 }),
                    try provider.token(Self.claims.merging(["exp": .integer(1)]) { $1 }),
                    try provider.token(Self.claims.merging(["iss": .string("https://another.test")]) { $1 }),
                    try provider.token(Self.claims, keyID: "../../jwks"),
                ]
                for token in tokens {
                    let reply = try await registry.call(
                        .GET,
                        "/auth/token?\(Self.scope)",
                        headers: .basic("oidc", token)
                    )
                    #expect(reply.status == 401)
                    #expect(!reply.text.contains(token))
                }
                // It was asked for what it publishes, and for nothing that a token names.
                #expect(Set(server.requests.map(\.uri)) == ["/.well-known/openid-configuration", "/jwks"])
            }
        }
    }

    @Test("may change their keys under way")
    func rotation() async throws {
        try await OpenIDProvider.use { provider, server in
            try await TestBench.use { bench in
                let registry = try await Self.berthd(on: bench, trusting: provider)
                let first = try provider.token(Self.claims)
                _ = try TokenReply(await registry.call(.GET, "/auth/token", headers: .bearer(first)))
                provider.rotate(to: "k2")
                let second = try provider.token(Self.claims)
                // They aren't asked again at once, whatever tokens name.
                let reply = try await poll(within: .seconds(20)) {
                    let reply = try await registry.call(.GET, "/auth/token", headers: .bearer(second))
                    return reply.status == 200 ? reply : nil
                }
                #expect(reply != nil)
                #expect(server.requests.count == 4)
            }
        }
    }

    @Test("that hang, send without end, or send something else keep nobody else waiting and are asked again")
    func faults() async throws {
        try await OpenIDProvider.use { provider, _ in
            try await TestBench.use { bench in
                let registry = try await Self.berthd(on: bench, trusting: provider)
                let token = try provider.token(Self.claims)
                let spaces = [UInt8](repeating: 32, count: 64 << 10)
                var silent = ScriptedAnswer()
                silent.ending = .silence
                let faults: [ScriptedAnswer] = [
                    .promising(1 << 30, body: spaces, ending: .never), silent,
                    ScriptedAnswer(body: Array("<html>".utf8)),
                    .status(.movedPermanently, ("location", "/elsewhere")), .status(.internalServerError),
                ]
                for fault in faults.prefix(2) {
                    provider.behave(.answers(fault))
                    let start = ContinuousClock.now
                    async let hanging = registry.call(.GET, "/auth/token", headers: .bearer(token))
                    let other = try await registry.call(.GET, "/auth/token")
                    #expect(other.status == 200)
                    #expect(ContinuousClock.now - start < .seconds(5))
                    let reply = try await hanging
                    #expect(reply.status == 503)
                    #expect(ContinuousClock.now - start < .seconds(15))
                    try await Task.sleep(for: .seconds(11) - min(.seconds(11), ContinuousClock.now - start))
                }
                provider.behave(.honest)
                let reply = try await poll(within: .seconds(20)) {
                    let reply = try await registry.call(.GET, "/auth/token", headers: .bearer(token))
                    return reply.status == 200 ? reply : nil
                }
                #expect(reply != nil)
                for (index, fault) in faults.enumerated().dropFirst(2) {
                    // A server of its own: the one above has the keys now.
                    provider.behave(.answers(fault))
                    let fresh = try await Self.berthd(on: bench, trusting: provider, folder: "fresh\(index)")
                    let reply = try await fresh.call(.GET, "/auth/token", headers: .bearer(token))
                    #expect(reply.status == 503)
                    await fresh.process.stop()
                }
            }
        }
    }

    @Test("are wrong in the configuration at a line, and a condition at a character")
    func configuration() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("wrong.yaml")
            try write(
                """
                oidc:
                  - issuer: http://ci.example.com
                    audiences: [berth]
                    rules:
                      - when: ref == "x" &&
                        grant: ['team/app:pull', 'Team/*:pull', '${a:pull']
                      - when: missing is "x"
                        groups: ['not a name']
                      - when: 'true'
                      - {when: 'true', groups: [dev], account: alice}
                  - audiences: [berth]
                    elephant: 1
                external_tokens:
                  - {issuer: berth, service: x, keys: 'http://example.com/keys', realm: ftp://x}
                """,
                to: file
            )
            let result = try await BuiltProgram.berthd.command(["check-config", "--config", file.string]).run()
            let text = String(decoding: result.standardError, as: UTF8.self)
            #expect(result.status != .exited(0))
            for message in [
                "wrong.yaml:2: 'oidc[0].issuer' should begin with https://",
                "wrong.yaml:5: 'oidc[0].rules[0].when' can't be read: at character 14: ", "'Team/*' is no pattern",
                "at character 3: '${' has no '}'",
                "wrong.yaml:7: 'oidc[0].rules[1].when' can't be read: at character 9: ",
                "'not a name' can't be a name", "'oidc[0].rules[2]' should have one of 'grant', 'groups' and 'account'",
                "'oidc[0].rules[3]' can't have both 'groups' and 'account'", "'oidc[1]' should have an 'issuer'",
                "elephant", "'external_tokens[0].keys' should be",
                "'external_tokens[0].realm' should be",
            ] {
                #expect(text.contains(message), "\(message) is not in:\n\(text)")
            }
        }
    }

    @Test("are shown by check-config as they may be written")
    func shown() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("oidc.yaml")
            try write(
                """
                oidc:
                  - issuer: https://ci.example.com
                    audiences: berth
                    rules:
                      - when: claims["kubernetes.io"].namespace == 'ci'
                        account: ${sub|lower}
                external_tokens:
                  - {issuer: auth, service: x, keys: /etc/keys.pem}
                """,
                to: file
            )
            let shown = try await BuiltProgram.berthd.command(["check-config", "--config", file.string]).output()
            let again = bench.folder.appending("again.yaml")
            try write(shown, to: again)
            let second = try await BuiltProgram.berthd.command(["check-config", "--config", again.string]).output()
            #expect(shown.contains("kubernetes.io"))
            let withoutSources = { (text: String) in
                text.split(separator: "\n").map { $0.split(separator: "  #").first?.trimming(while: \.isWhitespace) }
            }
            #expect(withoutSources(shown) == withoutSources(second))
        }
    }
}

extension Substring {
    fileprivate func trimming(while isDropped: (Character) -> Bool) -> String {
        String(String(drop(while: isDropped).reversed()).drop(while: isDropped).reversed())
    }
}
