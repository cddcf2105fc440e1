import ImageSpec
import Testing

@testable import Credentials

@Suite("Credentials as docker keeps them")
struct CredentialDocumentTests {
    @Test(
        "a registry's entry is found however it is written, and no other registry's",
        arguments: [
            ("docker.io", "https://index.docker.io/v1/", true),
            ("docker.io", "docker.io", true),
            ("docker.io", "registry-1.docker.io", true),
            ("docker.io", "example.com", false),
            ("localhost:5000", "localhost:5000", true),
            ("localhost:5000", "http://localhost:5000/v2/", true),
            ("localhost:5000", "https://localhost:5000", true),
            ("localhost:5000", "localhost", false),
            ("localhost:5000", "localhost:5000/team", false),
            ("localhost:5000", "https://example.com/localhost:5000", false),
            ("example.com", "example.com.evil.example", false),
            ("example.com", "https://user@example.com", false),
        ]
    )
    func keys(host: String, key: String, isFound: Bool) throws {
        let document = try parse(#"{"auths":{"\#(key)":{"auth":"dXNlcjpwYTpzcw=="}}}"#)
        let credential = document.credential(for: ServerAddress(try RegistryHost(host)))
        #expect(credential == (isFound ? .password(username: "user", password: "pa:ss") : nil))
    }

    @Test(
        "a credential for a part of a registry comes before the one for all of it, and serves no other part",
        arguments: [
            ("team/app", "app"), ("team/app/deep", "app"), ("team/application", "team"), ("other/team/app", "all"),
            ("teams/app", "all"), (nil, "all"),
        ]
    )
    func parts(repository: String?, username: String) throws {
        // "app:p", "team:p" and "all:p".
        let document = try parse(
            #"{"auths":{"h/team/app":{"auth":"YXBwOnA="},"h/team":{"auth":"dGVhbTpw"},"h":{"auth":"YWxsOnA="}}}"#
        )
        let name = try repository.map { try RepositoryName($0) }
        #expect(try document.credential(for: address("h"), repository: name)?.username == username)
    }

    @Test(
        "each way to write a credential is understood",
        arguments: [
            (#"{"auth":"dXNlcjpwYXNz"}"#, Credential.password(username: "user", password: "pass")),
            (#"{"auth":"dXNlcjpwYXNzAAA="}"#, .password(username: "user", password: "pass")),
            (#"{"username":"user","password":"pass"}"#, .password(username: "user", password: "pass")),
            (#"{"auth":"dXNlcjo=","identitytoken":"t"}"#, .identityToken(username: "user", token: "t")),
            (#"{"registrytoken":"t"}"#, .registryToken("t")),
            ("{}", nil), (#"{"auth":"???"}"#, nil), (#"{"auth":"dXNlcg=="}"#, nil), ("7", nil), ("null", nil),
        ]
    )
    func entries(entry: String, expected: Credential?) throws {
        #expect(try parse(#"{"auths":{"h":{},"x":\#(entry)}}"#).credential(for: address("x")) == expected)
    }

    @Test("what is set is read again, replaces what was there, and leaves the rest alone")
    func changes() throws {
        var document = try parse(
            #"{"auths":{"https://x/v1/":{"auth":"b2xkOm9sZA=="},"y":{}},"currentContext":"a","n":1.5,"big":9007199254740993}"#
        )
        let credentials: [Credential] = [
            .password(username: "u", password: "p:\u{e9}\""), .identityToken(username: "u", token: "t"),
            .registryToken("r"),
        ]
        for credential in credentials {
            document.set(credential, for: try address("x"))
            let again = try CredentialDocument(parsing: document.bytes(), name: "x")
            #expect(again == document)
            #expect(try again.credential(for: address("x")) == credential)
        }
        document.remove(try address("x"))
        #expect(try document == parse(#"{"auths":{"y":{}},"currentContext":"a","n":1.5,"big":9007199254740993}"#))
    }

    @Test("a registry's own helper comes before the one for all")
    func helpers() throws {
        let document = try parse(#"{"credsStore":"all","credHelpers":{"x":"one","index.docker.io":"hub","y":""}}"#)
        #expect(try document.helper(for: address("x")) == "one")
        #expect(try document.helper(for: address("docker.io")) == "hub")
        #expect(try document.helper(for: address("z")) == "all")
        #expect(try parse("{}").helper(for: address("x")) == nil)
    }

    @Test(
        "a file that is no JSON object is an error, an empty one is not",
        arguments: ["[]", "{", "x", "\"\"", "{}x", String(repeating: "[", count: 513)]
    )
    func invalid(text: String) throws {
        #expect(throws: CredentialError.self) { try parse(text) }
        #expect(try parse(" \n") == CredentialDocument())
    }

    @Test("a description never holds the secret")
    func descriptions() {
        let credentials: [Credential] = [
            .password(username: "u", password: "hush"), .identityToken(username: "", token: "hush"),
            .registryToken("hush"),
        ]
        for credential in credentials {
            var dumped = ""
            dump(credential, to: &dumped)
            #expect(!"\(credential) \(String(reflecting: credential)) \(dumped)".contains("hush"))
        }
    }

    private func parse(_ text: String) throws -> CredentialDocument {
        try CredentialDocument(parsing: Array(text.utf8), name: "test")
    }

    private func address(_ host: String) throws -> ServerAddress { ServerAddress(try RegistryHost(host)) }
}
