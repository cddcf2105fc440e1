import Credentials
import Glibc
import ImageSpec
import SystemPackage
import Testing

@Suite("Credentials of a user", .timeLimit(.minutes(1)))
struct CredentialStoreTests {
    @Test("many logins at once are all kept, in a file that only its owner can read, where a link leads")
    func concurrentLogins() async throws {
        try await TemporaryFolder.use { folder in
            let elsewhere = folder.appending("elsewhere")
            mkdir(elsewhere.string, 0o755)
            try write(#"{"psFormat":"x"}"#, to: elsewhere.appending("real.json"))
            symlink(elsewhere.appending("real.json").string, folder.appending("config.json").string)
            let store = CredentialStore(environment: ["DOCKER_CONFIG": folder.string])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<32 {
                    group.addTask {
                        let credential = Credential.password(username: "u\(number)", password: "p")
                        _ = try await store.store(credential, for: RegistryHost("h\(number).example"))
                    }
                }
                try await group.waitForAll()
            }
            for number in 0..<32 {
                let credential = try await store.credential(for: RegistryHost("h\(number).example"))
                #expect(credential == .password(username: "u\(number)", password: "p"))
            }
            var status = stat()
            #expect(lstat(folder.appending("config.json").string, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
            #expect(stat(elsewhere.appending("real.json").string, &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(try text(of: elsewhere.appending("real.json")).contains("psFormat"))
            #expect(try names(in: elsewhere) == ["real.json"])
        }
    }

    @Test("docker's file comes before podman's, the environment before both, and none of podman's is written")
    func order() async throws {
        try await TemporaryFolder.use { folder in
            let auth = folder.appending("auth.json")
            let host = try RegistryHost("x.example")
            try write(#"{"auths":{"x.example":{"auth":"cG9kbWFuOnA="}}}"#, to: auth)
            var environment = [
                "DOCKER_CONFIG": folder.appending("new/docker").string, "REGISTRY_AUTH_FILE": auth.string,
            ]
            let store = CredentialStore(environment: environment)
            #expect(try await store.credential(for: host)?.username == "podman")
            _ = try await store.store(.password(username: "docker", password: "p"), for: host)
            #expect(try await store.credential(for: host)?.username == "docker")
            environment["DOCKER_AUTH_CONFIG"] = #"{"auths":{"x.example":{"auth":"ZW52OnA="}}}"#
            #expect(try await CredentialStore(environment: environment).credential(for: host)?.username == "env")
            #expect(try await store.erase(host))
            #expect(try await !store.erase(host))
            #expect(try await store.credential(for: host)?.username == "podman")
        }
    }

    @Test("a helper that isn't installed hides no credential that is elsewhere, and is told where there is none")
    func missingHelper() async throws {
        try await TemporaryFolder.use { folder in
            let auth = folder.appending("auth.json")
            try write(#"{"auths":{"x.example":{"auth":"cG9kbWFuOnA="}}}"#, to: auth)
            try write(
                #"{"credsStore":"nowhere","auths":{"y.example":{"auth":"ZW52OnA="}}}"#,
                to: folder.appending("config.json")
            )
            let store = CredentialStore(
                environment: ["DOCKER_CONFIG": folder.string, "REGISTRY_AUTH_FILE": auth.string]
            )
            #expect(try await store.credential(for: RegistryHost("x.example"))?.username == "podman")
            #expect(try await store.credential(for: RegistryHost("y.example"))?.username == "env")
            let error = await #expect(throws: CredentialError.self) {
                try await store.credential(for: RegistryHost("z.example"))
            }
            #expect(error?.isMissingHelper == true)
        }
    }

    @Test("a file that can't be understood is told, and not written over")
    func damagedFile() async throws {
        try await TemporaryFolder.use { folder in
            let file = folder.appending("config.json")
            try write("{oops", to: file)
            let store = CredentialStore(environment: ["DOCKER_CONFIG": folder.string])
            await #expect(throws: CredentialError.self) {
                try await store.store(.password(username: "u", password: "p"), for: RegistryHost("x.example"))
            }
            #expect(try text(of: file) == "{oops")
        }
    }

    @Test(
        "a helper that isn't one, isn't there or says nothing sensible is told",
        arguments: ["../../bin/sh", "", "no such", "berth-test-nobody-has-this"]
    )
    func badHelper(name: String) async throws {
        try await TemporaryFolder.use { folder in
            try write(#"{"credHelpers":{"x.example":"\#(name)"}}"#, to: folder.appending("config.json"))
            let store = CredentialStore(environment: ["DOCKER_CONFIG": folder.string])
            await #expect(throws: CredentialError.self) {
                try await store.credential(for: RegistryHost("x.example"))
            }
        }
    }
}
