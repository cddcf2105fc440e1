import ImageSpec
import Testing

@Suite("All tags", .timeLimit(.minutes(2)), .needs("docker-registry", "skopeo", "umoci"))
struct AllTagsTests {
    @Test(
        "pull -a fetches every tag but those of artifacts, and push -a sends all",
        arguments: RegistryUnderTest.allCases
    )
    func pullAndPush(registry kind: RegistryUnderTest) async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await kind.start(on: bench)
            let berth = try Berth(on: bench)
            let artifacts = try await MultiPlatformImage.push(to: registry.host, RepositoryName("app"))
            for tag in ["1.0", "1.1"] {
                try await berth("copy", "-q", image.ociName, registry.name("app", tag: tag)).output()
            }
            let cosign = "\(registry.host)/app:\(artifacts.cosignTag)"
            try await berth("copy", "-q", registry.name("app", tag: "1.1"), registry.name("app")).output()

            let pull = try await berth("pull", "--all-tags", "-q", "\(registry.host)/app").run()
            #expect(pull.status == .exited(0), "\(pull.errorText)")
            let names = ["1.0", "1.1", "latest"].map { registry.name("app", tag: $0) }
            #expect(pull.text.split(separator: "\n").map(String.init) == names)
            #expect(pull.errorText.contains("Skipping: \(cosign) is not a container image"))

            for (tag, name) in zip(["x", "y"], names) {
                try await berth("tag", name, registry.name("copy", tag: tag)).output()
            }
            try await berth("push", "-a", "\(registry.host)/copy").output()
            #expect(try await berth("tags", "\(registry.host)/copy").output() == "x\ny")

            let tagged = try await berth("pull", "-a", names[0]).run()
            #expect(tagged.status == .exited(1) && tagged.errorText.contains("without tag or digest"))
            let none = try await berth("push", "-a", "\(registry.host)/none").run()
            #expect(none.status == .exited(1) && none.errorText.contains("no such image"))
        }
    }
}
