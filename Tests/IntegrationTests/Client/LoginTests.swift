import Glibc
import SystemPackage
import Testing

/// `berth login` and `logout`, against registries that ask who is there.
@Suite("Login", .timeLimit(.minutes(3)))
struct LoginTests {
    @Test(
        "who has logged in with a password pushes and pulls, who hasn't or has logged out doesn't",
        .needs("docker-registry", "skopeo", "umoci")
    )
    func password() async throws {
        try await TestBench.use { bench in
            let registry = try await PasswordRegistry.start(on: bench)
            let berth = try Berth(on: bench)
            let name = try await berth.importBusybox(as: registry.name("team/busybox"))
            let host = registry.host.rawValue
            let refused = try await berth("push", name).run()
            #expect(refused.errorText.hasSuffix("the registry wants a login; log in with 'berth login \(host)'\n"))
            let wrong = try await berth.login(host, as: "team", "let me out").run()
            #expect(wrong.status == .exited(1) && wrong.errorText.contains("failed with status: 401"))
            #expect(access(berth.credentialFile.string, F_OK) != 0)

            let login = try await berth.login(host, as: PasswordRegistry.username, PasswordRegistry.password).run()
            #expect(login.text == "Login Succeeded\n" && login.errorText.contains("stored unencrypted"))
            var status = stat()
            #expect(stat(berth.credentialFile.string, &status) == 0 && status.st_mode & 0o777 == 0o600)
            try await Self.moveImage(name, with: berth)

            let again = try await berth("login", host).output()
            #expect(again == "Authenticating with existing credentials...\nLogin Succeeded")
            #expect(try await berth("logout", host).output() == "Removing login credentials for \(host)")
            #expect(try await berth("logout", host).output() == "Not logged in to \(host)")
            #expect(try await berth("pull", name).run().status == .exited(1))
        }
    }

    @Test(
        "with a token service the password goes to it alone, and an identity token is kept in its place",
        .needs("docker-registry", "openssl", "skopeo", "umoci"),
        arguments: [false, true]
    )
    func token(isIdentityToken: Bool) async throws {
        try await TestBench.use { bench in
            try await TokenRegistry.use(on: bench, givesIdentityTokens: isIdentityToken) { server in
                let host = server.registry.host.rawValue
                let berth = try Berth(on: bench)
                let name = try await berth.importBusybox(as: server.registry.name(TokenRegistry.repository))
                #expect(try await berth("push", name).run().status == .exited(1))
                let wrong = try await berth.login(host, as: "team", "let me out").run()
                #expect(wrong.status == .exited(1) && wrong.errorText.contains("failed with status: 401"))
                try await berth.login(host, as: TokenRegistry.username, TokenRegistry.password).output()

                let kept = String(decoding: try contents(ofFileAt: berth.credentialFile), as: UTF8.self)
                #expect(kept.contains("dGVhbTpsZXQgbWUgaW4=") == !isIdentityToken)
                #expect(kept.contains(TokenRegistry.identityToken) == isIdentityToken)
                try await Self.moveImage(name, with: berth)
                try await berth("logout", host).output()
                #expect(try await berth("pull", name).run().status == .exited(1))
            }
        }
    }

    @Test(
        "a login at a terminal asks for what wasn't given, and shows no password",
        .needs("docker-registry", "script")
    )
    func terminal() async throws {
        try await TestBench.use { bench in
            let registry = try await PasswordRegistry.start(on: bench)
            let berth = try Berth(on: bench)
            let login = berth("login", registry.host.rawValue)
            let refused = try await login.run()
            #expect(refused.status == .exited(1) && refused.errorText.contains("non TTY device"))

            var command = Command("script", "-qe", "-c", login.description, "/dev/null")
            command.environment = login.environment
            command.input = .pipe
            let running = try bench.start(command)
            try await Self.wait(for: "Username: ", from: running)
            try running.write(Array("team\n".utf8))
            try await Self.wait(for: "Password: ", from: running)
            try running.write(Array("lex\u{7f}t me in\n".utf8))
            let result = try await running.result(within: .seconds(30))
            #expect(result.status == .exited(0) && result.text.contains("Login Succeeded"))
            #expect(!result.text.contains("me in"))
        }
    }

    @Test("a credential helper keeps what its file says it should, and nothing else of the file changes")
    func helper() async throws {
        try await TestBench.use { bench in
            let registry = try await PasswordRegistry.start(on: bench)
            let host = registry.host.rawValue
            let berth = try Berth(on: bench)
            let helper = try FakeHelper(on: bench)
            try makeFolder(berth.credentialFile.removingLastComponent())
            try write(
                #"{"auths":{"other.example":{"auth":"YTpi"}},"credsStore":"fake","HttpHeaders":{"X-Meta":"1"}}"#,
                to: berth.credentialFile
            )
            try await helper.run(berth.login(host, as: PasswordRegistry.username, PasswordRegistry.password)).output()
            #expect(try helper.kept == #"{"Secret":"let me in","ServerURL":"\#(host)","Username":"team"}"#)
            let file = String(decoding: try contents(ofFileAt: berth.credentialFile), as: UTF8.self)
            #expect(file.contains("X-Meta") && file.contains("YTpi") && !file.contains("dGVhbT"))

            let unknown = try await helper.run(berth("pull", registry.name("no/such"))).run()
            #expect(unknown.errorText.contains("not found"))
            let without = try await berth("pull", registry.name("no/such")).run().errorText
            #expect(without.contains("docker-credential-fake is not installed"))
            #expect(without.contains("the registry wants a login"))
            try await helper.run(berth("logout", host)).output()
            #expect(try helper.kept == "")
            let login = try await helper.run(berth("pull", registry.name("no/such"))).run()
            #expect(login.errorText.contains("the registry wants a login"))
        }
    }

    @Test("a login that the registry takes and that can't be kept, since the helper isn't installed, says so and fails")
    func missingHelper() async throws {
        try await TestBench.use { bench in
            let registry = try await PasswordRegistry.start(on: bench)
            let berth = try Berth(on: bench)
            try makeFolder(berth.credentialFile.removingLastComponent())
            try write(#"{"credsStore":"nowhere"}"#, to: berth.credentialFile)
            let host = registry.host.rawValue
            let login = try await berth.login(host, as: PasswordRegistry.username, PasswordRegistry.password).run()
            #expect(login.status == .exited(1))
            #expect(
                login.errorText.contains(
                    "error saving credentials for \(host): the credential helper docker-credential-nowhere is not installed"
                )
            )
            #expect(!login.text.contains("Login Succeeded"))
            // A wrong one is told as such.
            let wrong = try await berth.login(host, as: PasswordRegistry.username, "wrong").run()
            #expect(wrong.errorText.contains("login attempt to \(host) failed with status: 401"))
            // A helper for another registry is none of this one's business.
            try write(#"{"credHelpers":{"other.example":"nowhere"}}"#, to: berth.credentialFile)
            try await berth.login(host, as: PasswordRegistry.username, PasswordRegistry.password).output()
        }
    }

    @Test("what is there for everybody is there for those too whose credential helper isn't installed")
    func anybodyWithoutHelper() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            try makeFolder(berth.credentialFile.removingLastComponent())
            try write(#"{"credsStore":"nowhere"}"#, to: berth.credentialFile)
            try await ScriptedRegistry.use { request in
                if request.uri.hasPrefix("/token") { return ScriptedAnswer(body: Array(#"{"token":"any"}"#.utf8)) }
                guard request.header("Authorization") == "Bearer any" else {
                    let realm = "http://\(request.header("Host") ?? "")/token"
                    return .status(.unauthorized, ("WWW-Authenticate", #"Bearer realm="\#(realm)""#))
                }
                return ScriptedAnswer(body: Array(#"{"name":"app","tags":["one","two"]}"#.utf8))
            } _: { server in
                let tags = try await berth("tags", "\(server.host)/app").run()
                #expect(tags.status == .exited(0) && tags.text == "one\ntwo\n")
                let warning = "the credential helper docker-credential-nowhere is not installed"
                #expect(tags.errorText.hasPrefix("WARNING: \(warning)"))
            }
        }
    }

    @Test(
        "skopeo, podman and docker take what berth's login kept, and berth what theirs kept",
        .needs("docker-registry", "docker", "podman", "skopeo", "umoci")
    )
    func exchange() async throws {
        try await TestBench.use { bench in
            let registry = try await PasswordRegistry.start(on: bench)
            let host = registry.host.rawValue
            let berth = try Berth(on: bench)
            let name = try await berth.importBusybox(as: registry.name("team/busybox"))
            try await berth.login(host, as: PasswordRegistry.username, PasswordRegistry.password).output()
            try await berth("push", name).output()
            let inspections = [
                Command("skopeo", "inspect", "--tls-verify=false", "--raw", "docker://\(name)"),
                Command("docker", "manifest", "inspect", "--insecure", name),
                try Podman(on: bench)("pull", "-q", "--tls-verify=false", name),
            ]
            for var command in inspections {
                command.environment = berth(" ").environment
                command.environment["DOCKER_CONFIG"] = berth.credentialFile.removingLastComponent().string
                try await command.output()
            }

            let other = try Berth(on: bench, root: "other")
            let podmanFile = bench.folder.appending("auth.json")
            try await Command(
                "skopeo",
                "login",
                "--tls-verify=false",
                "--authfile",
                podmanFile.string,
                "-u",
                "team",
                "-p",
                PasswordRegistry.password,
                host
            ).output()
            #expect(try await other("pull", "-q", name).run().status == .exited(1))
            var pull = other("pull", "-q", name)
            pull.environment["REGISTRY_AUTH_FILE"] = podmanFile.string
            try await pull.output()

            try await other("rmi", name).output()
            let dockerFolder = try bench.makeFolder("docker")
            // Without an engine the client logs in by itself.
            var login = Command(
                "docker",
                "--host",
                "unix:///nonexistent",
                "login",
                "-u",
                "team",
                "--password-stdin",
                host
            )
            login.environment["DOCKER_CONFIG"] = dockerFolder.string
            login.input = .bytes(Array(PasswordRegistry.password.utf8))
            try await login.output()
            pull = other("pull", "-q", name)
            pull.environment["DOCKER_CONFIG"] = dockerFolder.string
            try await pull.output()
        }
    }

    /// Pushes an image, and pulls it into an empty store.
    private static func moveImage(_ name: String, with berth: Berth) async throws {
        try await berth("push", name).output()
        try await berth("rmi", name).output()
        try await berth("pull", name).output()
    }

    private static func wait(for prompt: String, from program: RunningCommand) async throws {
        try await program.wait(for: "ask '\(prompt)'") {
            String(decoding: program.outputSoFar, as: UTF8.self).hasSuffix(prompt) ? true : nil
        }
    }
}
