import Glibc
import SystemPackage
import Testing

@testable import Credentials

@Suite("Credential programs", .timeLimit(.minutes(1)))
struct CredentialCommandTests {
    @Test(
        "JSON with a user and a password, or a token, is a credential, however its names are written",
        arguments: [
            (#"{"username":"AWS","password":"p w"}"#, Credential.password(username: "AWS", password: "p w")),
            (#"{"Username":"u","Secret":"s","ServerURL":"x"}"#, .password(username: "u", password: "s")),
            (#"{"USERNAME":"<token>","Secret":"s"}"#, .identityToken(username: "", token: "s")),
            (#"{"Token":"t","other":[1,{}],"none":null}"#, .registryToken("t")),
        ]
    )
    func credentials(printed: String, credential: Credential) async throws {
        let answer = try await run(printing: printed)
        #expect(answer.credential == credential)
        #expect(answer.lifetime == nil)
    }

    @Test(
        "its end is told in seconds from now, as a time, or in seconds since 1970",
        arguments: [
            (#""expires_in":90"#, 90.0), (#""Expires_In":"90""#, 90), (#""expires_in":-5"#, 0),
            (#""expires_at":"2000-01-01T00:00:00Z""#, 0), (#""expiration":"2000-01-01T00:00:00.123+01:00""#, 0),
            (#""expires_at":NOW+60"#, 60), (#""expires_at":1e300"#, 315_360_000),
        ]
    )
    func expiry(field: String, seconds: Double) async throws {
        let field = field.replacing("NOW+60", with: "\(time(nil) + 60)")
        let lifetime = try #require(try await run(printing: #"{"token":"t",\#(field)}"#).lifetime)
        #expect(abs(lifetime / .seconds(1) - seconds) < 30)
    }

    @Test(
        "what else is printed is no credential, and isn't told, for it may be a secret",
        arguments: [
            "hunter2", "", "[]", #""hunter2""#, #"{"username":"hunter2"}"#, #"{"password":"hunter2"}"#,
            #"{"username":"","password":"hunter2"}"#, #"{"token":""}"#, #"{"token":7,"x":"hunter2"}"#,
            #"{"token":"hunter2","expires_at":"soon"}"#,
        ]
    )
    func noCredential(printed: String) async throws {
        let error = await #expect(throws: CredentialError.self) { try await run(printing: printed) }
        #expect(error.map { "\($0)".contains("hunter2") } == false)
    }

    @Test("a program that fails, or isn't there, is told with its name and nothing of its arguments")
    func failures() async throws {
        let failing = try #require(CredentialCommand(["sh", "-c", #"echo '{"token":"t"}'; exit 4 # secret"#]))
        let error = await #expect(throws: CredentialError.self) { try await failing.run() }
        #expect(error.map { "\($0)" } == "sh login failed: it ended with status 4")
        let missing = try #require(CredentialCommand(["/no/such/program", "secret"]))
        let reason = await #expect(throws: CredentialError.self) { try await missing.run() }
        #expect(reason.map { "\($0)".contains("/no/such/program") && !"\($0)".contains("secret") } == true)
        #expect(CredentialCommand([]) == nil)
    }

    private func run(printing text: String) async throws -> CredentialCommand.Answer {
        try await #require(CredentialCommand(["printf", "%s", text])).run()
    }
}
