import ImageSpec
import Testing

@Suite("Formats of commands on registries", .timeLimit(.minutes(2)))
struct RemoteFormatTests {
    @Test("lists are printed by templates, as tables by templates, and as names alone")
    func templates() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let berth = try Berth(on: bench)
            let image = try LayeredImage(sizes: [2000])
            try await image.push(to: "app", at: registry.host)
            let (name, host, digest) = (registry.name("app"), registry.host, image.manifest.digest())
            let config = Digest.of(image.config)
            let expectations: [([String], String)] = [
                (["tags", "--format", "{{.Repository}} {{.Tag}}", "\(host)/app"], "\(host)/app latest"),
                (["tags", "--format", "table {{.Name}}", "\(host)/app"], "NAME\n\(name)"),
                (["tags", "-q", "\(host)/app"], "latest"),
                (["catalog", "--format", "{{.Registry}} {{.Repository}}", "\(host)"], "\(host) app"),
                (["catalog", "-q", "\(host)"], "app"),
                (
                    ["manifest", "head", "--format", "{{.Digest}} {{.Size}}", name],
                    "\(digest) \(image.manifest.bytes.count)"
                ),
                (["manifest", "head", "-q", name], "\(digest)"),
                (["manifest", "get", "--format", "{{.config.digest}}", name], "\(config)"),
                (["manifest", "get", "--format", "{{len .layers}}", name], "1"),
                (["referrers", "--format", "{{.Digest}} {{.Annotations}}", name], ""),
            ]
            for (arguments, wanted) in expectations {
                #expect(try await berth(arguments).output() == wanted, "\(arguments)")
            }
            let wrong = try await berth("tags", "--format", "{{.Nothing}}", "\(host)/app").run()
            #expect(wrong.status == .exited(1) && wrong.errorText.contains("'.Nothing', which isn't there"))
            let unclosed = try await berth("catalog", "--format", "{{", "\(host)").run()
            #expect(unclosed.status == .exited(1) && unclosed.errorText.contains("{{ without its }}"))
        }
    }

    @Test("--root may stand behind every command's name")
    func root() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            try await LayeredImage(sizes: [2000]).push(to: "app", at: registry.host)
            let (name, host) = (registry.name("app"), "\(registry.host)")
            let root = bench.folder.appending("root").string
            for arguments in [
                ["tags", "--root", root, "\(host)/app"], ["catalog", "--root", root, host],
                ["manifest", "get", "--root", root, name], ["manifest", "head", "--root", root, name],
                ["digest", "--root", root, name], ["referrers", "--root", root, name],
                ["copy", "--root", root, name, registry.name("copy")], ["delete", "--root", root, name],
                ["logout", "--root", root, host], ["images", "--root", root],
            ] {
                var command = BuiltProgram.berth.command(arguments)
                command.environment = ["HOME": bench.folder.string, "DOCKER_CONFIG": ""]
                let result = try await command.run()
                #expect(result.status == .exited(0), "\(arguments): \(result.errorText)")
            }
        }
    }
}
