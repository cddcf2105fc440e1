import ImageSpec
import SystemPackage
import Testing

/// The commands that look at a registry and need nothing here.
@Suite("Commands on registries", .timeLimit(.minutes(2)), .needs("docker-registry"))
struct RemoteCommandTests {
    @Test(
        "tags and catalog list what there is, a line each or as the registry's document",
        arguments: RegistryUnderTest.allCases
    )
    func lists(registry kind: RegistryUnderTest) async throws {
        try await TestBench.use { bench in
            let registry = try await kind.start(on: bench)
            let berth = try Berth(on: bench)
            _ = try await MultiPlatformImage.push(to: registry.host, RepositoryName("team/app"))
            for tag in ["1.0", "1.1", "2.0"] {
                try await berth("copy", "-q", registry.name("team/app"), registry.name("other", tag: tag)).output()
            }
            #expect(try await berth("tags", "\(registry.host)/other").output() == "1.0\n1.1\n2.0")
            let json = try await berth("tags", "--format", "json", "\(registry.host)/other").output()
            #expect(json == #"{"name":"other","tags":["1.0","1.1","2.0"]}"#)
            let catalog = try await berth("catalog", "\(registry.host)").output()
            #expect(catalog == "\(registry.host)/other\n\(registry.host)/team/app")
            let document = try await berth("catalog", "--format", "json", "\(registry.host)").output()
            #expect(document == #"{"repositories":["other","team/app"]}"#)
        }
    }

    @Test(
        "a manifest is printed byte for byte, and described without being fetched",
        arguments: RegistryUnderTest.allCases
    )
    func manifests(registry kind: RegistryUnderTest) async throws {
        try await TestBench.use { bench in
            let registry = try await kind.start(on: bench)
            let berth = try Berth(on: bench)
            let image = try await MultiPlatformImage.push(to: registry.host, RepositoryName("app"))
            let name = registry.name("app")
            #expect(try await berth("manifest", "get", name).run().standardOutput == image.index.bytes)
            let arm = try await berth("manifest", "get", "--platform", "linux/arm64", name).run()
            #expect(arm.standardOutput == image.manifests[1].bytes)
            #expect(try await berth("digest", name).output() == "\(image.index.digest())")
            #expect(
                try await berth("digest", "--platform", "linux/amd64", name).output()
                    == "\(image.manifests[0].digest())"
            )
            let head = try await berth("manifest", "head", name).output()
            #expect(
                head
                    == "Digest: \(image.index.digest())\nMediaType: \(MediaType.ociIndex)\nSize: \(image.index.bytes.count)"
            )
            let json = try await berth("manifest", "head", "--format", "json", name).output()
            #expect(json.contains(#""digest":"\#(image.index.digest())""#))
            let byDigest = "\(registry.host)/app@\(image.manifests[0].digest())"
            let other = try await berth("digest", "--platform", "linux/arm64", byDigest).run()
            #expect(other.status == .exited(1) && other.errorText.contains("no image for linux/arm64"))
        }
    }

    @Test(
        "delete takes a tag alone where the registry can, and says what to do where it can't",
        arguments: RegistryUnderTest.allCases
    )
    func deletion(registry kind: RegistryUnderTest) async throws {
        try await TestBench.use { bench in
            let registry = try await kind.start(on: bench)
            let berth = try Berth(on: bench)
            _ = try await MultiPlatformImage.push(to: registry.host, RepositoryName("source"))
            let names = ["1", "2"].map { registry.name("app", tag: $0) }
            for name in names { try await berth("copy", registry.name("source"), name).output() }
            let digest = try await berth("digest", names[0]).output()
            let whole = "\(registry.host)/app@\(digest)"

            let tag = try await berth("delete", names[0]).run()
            switch kind {
            case .berthd:
                #expect(tag.status == .exited(0) && tag.text == "Untagged: \(names[0])\n")
                #expect(try await berth("tags", "\(registry.host)/app").output() == "2")
            case .dockerRegistry:
                #expect(tag.status == .exited(1))
                #expect(tag.errorText.contains("deletes no tags alone; berth delete \(whole) deletes the image"))
                #expect(try await berth("tags", "\(registry.host)/app").output() == "1\n2")
            }
            let unknown = try await berth("delete", registry.name("app", tag: "none")).run()
            #expect(unknown.status == .exited(1) && unknown.errorText.split(separator: "\n").count == 1)
            #expect(unknown.errorText.contains("the registry has no such image"))
            #expect(
                try await berth("delete", "\(registry.host)/app").run().errorText.contains("say which tag or digest")
            )

            #expect(try await berth("delete", whole).output() == "Deleted: \(whole)")
            #expect(try await berth("digest", names[1]).run().status == .exited(1))
            #expect(try await berth("delete", "-q", whole).run().text.isEmpty)
        }
    }

    @Test(
        "each command's help has an example",
        arguments: [
            ["copy"], ["tags"], ["catalog"], ["manifest", "get"], ["manifest", "head"], ["digest"], ["delete"],
            ["referrers"],
        ]
    )
    func help(command: [String]) async throws {
        let text = try await BuiltProgram.berth.command(command + ["--help"]).output()
        #expect(text.contains("Example") && text.contains("berth \(command.joined(separator: " ")) "))
    }

    @Test("a repository with a tag is not a repository")
    func tagOfRepository() async throws {
        let result = try await BuiltProgram.berth.command(["tags", "127.0.0.1:1/app:1"]).run()
        #expect(result.status == .exited(1) && result.errorText.contains("without tag or digest"))
    }
}
