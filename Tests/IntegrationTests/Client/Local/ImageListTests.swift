import SystemPackage
import Testing

@Suite("berth images", .timeLimit(.minutes(5)))
struct ImageListTests {
    @Test("shows docker's columns, and with --digests one more")
    func columns() async throws {
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            let identifier = try await images.add("team/app:1", content: "x")
            let short = identifier.dropFirst(7).prefix(12)
            let lines = try await images.berth("images").output().split(separator: "\n")
            #expect(lines[0].split(separator: " ") == ["REPOSITORY", "TAG", "IMAGE", "ID", "CREATED", "SIZE"])
            #expect(lines[1].split(separator: " ").prefix(3) == ["team/app", "1", short])
            #expect(lines[1].hasSuffix("MB"))
            // No registry knows of it yet.
            #expect(
                try await images.berth("image", "ls", "--digests").output().contains("1         <none>    \(short)")
            )
            #expect(try await images.berth("image", "list", "-q", "--no-trunc").output() == identifier)
        }
    }

    @Test("--format prints what docker's does")
    func format() async throws {
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            let identifier = try await images.add("team/app:1", content: "x")
            func list(_ format: String) async throws -> String {
                try await images.berth("images", "--no-trunc", "--format", format).output()
            }
            #expect(try await list("{{.Repository}}:{{.Tag}}") == "team/app:1")
            #expect(try await list(#"{{.ID}}\t{{upper .Tag | json}}"#) == "\(identifier)\t\"1\"")
            #expect(
                try await list(#"table {{.Tag}}\t{{.Repository}}"#) == "TAG       REPOSITORY\n1         team/app"
            )
            let json = try await list("json")
            #expect(json.hasPrefix("{\"Containers\":\"N/A\",") && json.contains("\"Repository\":\"team/app\""))
            #expect(try await list("{{json .Tag}}") == "\"1\"")
            // The image's age may change in between.
            let before = try await images.berth("images", "--no-trunc").output()
            let table = try await list("table")
            let after = try await images.berth("images", "--no-trunc").output()
            #expect([before, after].contains(table))
        }
    }

    @Test("filters choose")
    func filters() async throws {
        let cases = [
            ("reference=team/*", "team/app:1 team/app:2"), ("reference=*/app:2", "team/app:2"),
            ("dangling=true", "<none>:<none>"), ("dangling=false", "other:latest team/app:1 team/app:2"),
            ("label=kind", "team/app:1 team/app:2"), ("label=kind=b", "team/app:2"), ("label=none", ""),
            ("reference=nothing", ""), ("reference=other", "other:latest"),
        ]
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            try await images.add("team/app:1", content: "1", changes: "LABEL kind=a")
            try await images.add("team/app:2", content: "2", changes: "LABEL kind=b")
            try await images.add("other", content: "3")
            try await images.add("", content: "4")
            for (filter, expected) in cases {
                let list = images.berth("images", "--filter", filter, "--format", "{{.Repository}}:{{.Tag}}")
                let shown = try await list.output().split(separator: "\n").sorted().joined(separator: " ")
                #expect(shown == expected, "\(filter)")
            }
        }
    }

    @Test("a name, with a tag or a pattern or neither, and filters by age, choose too")
    func names() async throws {
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            try await images.add("app:1", content: "1")
            try await Task.sleep(for: .milliseconds(1100))
            try await images.add("app:2", content: "2")
            try await images.add("other", content: "2")
            func count(_ arguments: String...) async throws -> Int {
                let list = images.berth("images", "-q")
                return try await Command(list.program, list.arguments + arguments).output().split(separator: "\n").count
            }
            #expect(try await count("app") == 2)
            #expect(try await count("app:2") == 1)
            #expect(try await count("app:*") == 2)
            #expect(try await count("o*") == 1)
            #expect(try await count("--filter", "since=app:1") == 2)
            #expect(try await count("-f", "before=app:2") == 1)
            #expect(try await count("nothing") == 0)
        }
    }

    @Test("what can't be understood is refused with one line")
    func refusals() async throws {
        let cases = [
            ["--format", "{{.Nope}}"], ["--format", "{{"], ["--format", "{{nope .ID}}"], ["--format", "{{range .ID}}"],
            ["--filter", "nope=1"], ["--filter", "dangling"], ["--filter", "dangling=maybe"],
            ["--filter", "since=nothing"],
        ]
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            try await images.add("app", content: "1")
            let list = images.berth("images")
            for arguments in cases {
                let result = try await Command(list.program, list.arguments + arguments).run()
                #expect(result.status == .exited(1), "\(arguments)")
                #expect(result.errorText.hasPrefix("berth: ") && result.errorText.split(separator: "\n").count == 1)
            }
        }
    }
}
