import Glibc
import SystemPackage
import Testing

/// What the client is told by its files.
@Suite("The client's configuration", .timeLimit(.minutes(2)))
struct ClientConfigurationTests {
    @Test("everything that is wrong is told at once, with its line and what was meant perhaps")
    func errors() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            try berth.configure(
                """
                # a comment
                miror: {}
                jobs: 0
                default_registry: "a b"
                insecure_registries: localhost
                mirrors: {docker.io: ["ftp://x"]}
                hosts_folders: [here]
                entirely_different: 1
                """
            )
            let result = try await berth("images").run()
            #expect(result.status == .exited(1))
            let lines = result.errorText.split(separator: "\n").map(String.init)
            try #require(lines.count == 7, "\(result.errorText)")
            let file = berth.configurationFile.string
            #expect(lines[0] == "berth: \(file):2: unknown key 'miror'; did you mean 'mirrors'?")
            #expect(lines[1] == "\(file):3: 'jobs' should be a number from 1 to 64")
            #expect(lines[2].hasPrefix("\(file):4: 'default_registry' should be a registry's host"))
            #expect(lines[3].hasPrefix("\(file):5: 'insecure_registries' should be a list"))
            #expect(lines[4].hasPrefix("\(file):6: 'mirrors' should be"))
            #expect(lines[5].hasPrefix("\(file):7: 'hosts_folders' should be a list"))
            #expect(
                lines[6].hasPrefix("\(file):8: unknown key 'entirely_different'; known are: default_registry, jobs")
            )
        }
    }

    @Test("what isn't a file of keys and values is refused", arguments: ["- a", "a: [", "just words"])
    func notAFile(text: String) async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            try berth.configure(text)
            #expect(try await berth("images").run().status == .exited(1))
            try berth.configure("# nothing\n")
            #expect(try await berth("images").run().status == .exited(0))
        }
    }

    @Test(
        "another user's home is none of ours, but a file of ours that can't be read is told",
        .needs("setpriv", root: true)
    )
    func unreadable() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            try berth.configure("unknown_key: 1\n")
            chmod(berth.root.string, 0o777)
            let images = berth("images")
            var asUser = Command(
                "setpriv",
                ["--reuid=4711", "--regid=4711", "--clear-groups", images.program] + images.arguments
            )
            asUser.environment = images.environment
            chmod(berth.configurationFile.string, 0o600)
            #expect(try await asUser.run().errorText.contains("can't read the configuration"))
            chmod(berth.home.string, 0o700)
            #expect(try await asUser.run().status == .exited(0))
        }
    }

    @Test("the sample file explains every key, and is itself valid")
    func sample() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let text = String(decoding: try contents(ofFileAt: Self.sampleFile), as: UTF8.self)
            try berth.configure(text)
            try await berth("images").output()
            // Also with the keys that are shown but not set.
            try berth.configure(text.replacing("# hosts_folders:", with: "hosts_folders:"))
            try await berth("images").output()

            try berth.configure("entirely_different: 1")
            let message = try await berth("images").run().errorText
            let known = message.split(separator: "known are: ").last?.split(separator: "\n").first ?? ""
            let keys = known.split(separator: ", ")
            #expect(keys.count == 8)
            for key in keys { #expect(text.contains("\n\(key): ") || text.contains("\n# \(key): ")) }
        }
    }

    @Test("a default registry is what names without a host mean, in every command")
    func defaultRegistry() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let berth = try Berth(on: bench)
            try berth.configure("default_registry: \"\(registry.host)\"\n")
            try await berth.importBusybox(as: registry.name("busybox"))
            try await berth("tag", "busybox", "team/copy:1").output()
            let push = try await berth("push", "team/copy:1").output()
            #expect(push.contains("refers to repository [\(registry.host)/team/copy]"))
            try await berth("rmi", "team/copy:1").output()
            #expect(try await berth("pull", "-q", "team/copy:1").output() == registry.name("team/copy", tag: "1"))
            #expect(try await berth("images", "-q", "busybox").output() != "")
        }
    }

    private static var sampleFile: FilePath {
        FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
            .removingLastComponent().appending("config/berth.yaml")
    }
}
