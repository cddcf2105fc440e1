import ImageSpec
import SystemPackage
import Testing

@Suite("berth inspect, history, tag and rmi", .timeLimit(.minutes(5)))
struct ImageDetailTests {
    @Test("templates say of an image what they say in docker")
    func templates() async throws {
        let cases = [
            ("{{.Config.Cmd}}", "[sh -c echo]"), ("{{json .Config.Cmd}}", #"["sh","-c","echo"]"#),
            ("{{len .Config.Cmd}} {{index .Config.Cmd 2}}", "3 echo"), ("{{.Os}}/{{.Architecture}}", "linux/amd64"),
            ("{{.Config.Labels.a}}{{index .Config.Labels \"a\"}}", "bb"), ("{{.Config.Labels.none}}", "<no value>"),
            ("{{range .Config.Env}}<{{.}}>{{end}}", "<A=1><B=2>"),
            ("{{range .Config.Volumes}}x{{else}}none{{end}}", "none"),
            ("{{join .Config.Env \",\"}}", "A=1,B=2"), ("{{if .Config.User}}yes{{else}}no{{end}}", "no"),
            ("{{with .Config.Labels}}{{.a}}{{end}}", "b"), ("{{if eq .Os \"linux\"}}tux{{end}}", "tux"),
            ("{{range .RepoTags}}{{.}} {{$.Os}}{{end}}", "team/app:1 linux"), ("{{- .Os -}} !", "linux!"),
            ("{{json (index .Config.Cmd 0)}}", "\"sh\""), ("{{/* nothing */}}{{\"text\"}}", "text"),
            ("{{range $i, $v := .Config.Env}}{{$i}}:{{$v}} {{end}}", "0:A=1 1:B=2 "),
            ("{{range $name,$value:=.Config.Labels}}{{$name}}-{{$value}}{{end}}", "a-b"),
            ("{{range $v := .Config.Cmd}}<{{$v}}>{{end}}", "<sh><-c><echo>"),
            ("{{$o := .Os}}{{with .Config}}{{$o}} {{$.Os}}{{end}}", "linux linux"),
            ("{{$n := 1}}{{if true}}{{$n = 2}}{{end}}{{$n}}", "2"),
            ("{{if eq .Os \"x\"}}x{{else if eq .Os \"linux\"}}tux{{else}}none{{end}}", "tux"),
            ("{{(.Config).Labels.a}} {{(index .Config.Labels \"a\") | upper}}", "b B"),
            (
                "{{printf \"%s-%d|%5s|%-4d|%03d|%q|%v|%.2f\" .Os 4 \"ab\" 7 5 \"x\" .Config.Cmd 1}}",
                "linux-4|   ab|7   |005|\"x\"|[sh -c echo]|1.00"
            ),
            ("{{title \"two words\"}}{{pad \"x\" 1 2}}.", "Two Words x  ."), ("{{slice .Os 1 3}}", "in"),
            ("{{if and (gt (len .Config.Env) 1) (le 2 2)}}many{{end}}", "many"),
            ("{{.RepoTags}}", "[team/app:1]"), ("{{.Config.Labels}}", "map[a:b]"), ("{{.Comment}}", "why"),
        ]
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let root = try bench.makeFolder("root")
            try await berth(
                "import",
                "-m",
                "why",
                "--platform",
                "linux/amd64",
                "-c",
                #"CMD ["sh", "-c", "echo"]"#,
                "-c",
                "LABEL a=b",
                "-c",
                "ENV A=1 B=2",
                root.string,
                "team/app:1"
            ).output()
            for (template, expected) in cases {
                #expect(try await berth("inspect", "--format", template, "team/app:1").output() == expected)
            }
        }
    }

    @Test("inspect prints an array of what is here, and fails for what isn't")
    func inspect() async throws {
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            let identifier = try await images.add("app", content: "x")
            let result = try await images.berth("image", "inspect", "app", "nothing").run()
            #expect(result.status == .exited(1) && result.errorText == "berth: no such image: nothing\n")
            guard case .array(let found) = try JSONValue(parsing: result.standardOutput) else {
                Issue.record("\(result.text) is no array")
                return
            }
            #expect(found.map { $0["Id"]?.string } == [identifier])
            #expect(found[0]["RepoTags"] == .array([.string("app:latest")]))
            let wrong = try await images.berth("inspect", "-f", "{{.Nope}}", "app").run()
            #expect(wrong.status == .exited(1) && wrong.errorText.contains("'.Nope'"))
            let json = try await images.berth("inspect", "--format", "json", "app").output()
            #expect(try JSONValue(parsing: Array(json.utf8)) == .array(found))
            #expect(found[0]["RepoDigests"] == .array([]))
        }
    }

    @Test(
        "a template that can't be read, or asks for what there isn't, is one line of error",
        arguments: [
            ("{{$x}}", "the format has no variable '$x' there"),
            ("{{if true}}{{$x := 1}}{{end}}{{$x}}", "the format has no variable '$x' there"),
            ("{{$x = 1}}", "the format has no variable '$x' there"),
            ("{{with $a, $b := .Os}}{{end}}", "the format has ',' where it doesn't belong"),
            ("{{.Os := 1}}", "the format has ':=' where it doesn't belong"),
            ("{{.Os : 1}}", "the format has ': 1' where it doesn't belong"),
            ("{{if true}}{{else nonsense}}{{end}}", "the format has 'else nonsense' where it doesn't belong"),
            ("{{if true}}{{else if true}}", "the format has 'end' where it doesn't belong, or lacks an {{end}}"),
            ("{{pad .Os 1 99999}}", "the format gives 'pad' what it can't use"),
            ("{{slice .Os 3 1}}", "the format gives 'slice' what it can't use"),
        ]
    )
    func badTemplates(_ template: String, _ error: String) async throws {
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            try await images.add("app", content: "x")
            let result = try await images.berth("inspect", "--format", template, "app").run()
            #expect(result.status == .exited(1) && result.errorText == "berth: \(error)\n", "\(result.errorText)")
        }
    }

    @Test("history shows the newest step first, in docker's columns", .needs("skopeo", "umoci"))
    func history() async throws {
        let busybox = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            try await berth("load", "-i", busybox.dockerArchive.string).output()
            let lines = try await berth("history", "busybox:test").output().split(separator: "\n")
            #expect(lines[0].hasPrefix("IMAGE") && lines[0].contains("CREATED BY"))
            #expect(lines.dropFirst(2).allSatisfy { $0.hasPrefix("<missing>") })
            let sizes = try await berth("history", "--no-human", "--format", "{{.Size}}", "busybox:test").output()
            let total = sizes.split(separator: "\n").compactMap { Int($0) }.reduce(0, +)
            #expect(try await berth("inspect", "-f", "{{.Size}}", "busybox:test").output() == "\(total)")
            let identifiers = try await berth("history", "-q", "--no-trunc", "busybox:test").output()
            #expect(identifiers.hasPrefix("sha256:"))
        }
    }

    @Test("rmi says what docker's says, and an image goes with its last name")
    func remove() async throws {
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            let identifier = try await images.add("app:1", content: "x")
            try await images.berth("tag", "app:1", "app:2").output()
            #expect(try await images.berth("rmi", "app:1").output() == "Untagged: app:1")
            try await images.berth("tag", "app:2", "app:3").output()
            let conflict = try await images.berth("rmi", identifier).run()
            #expect(conflict.status == .exited(1) && conflict.errorText.contains("app:2, app:3"))
            let removal = try await images.berth("image", "rm", "-f", identifier).output().split(separator: "\n")
            #expect(removal.prefix(3) == ["Untagged: app:2", "Untagged: app:3", "Deleted: \(identifier)"])
            #expect(try images.blobs().digests.isEmpty)
        }
    }

    @Test("prune asks, and removes what has no name")
    func prune() async throws {
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            let old = try await images.add("app", content: "old")
            try await images.add("app", content: "new")
            var unsure = images.berth("image", "prune")
            unsure.input = .bytes(Array("n\n".utf8))
            #expect(try await unsure.output() == "")
            var sure = images.berth("image", "prune")
            sure.input = .bytes(Array("y\n".utf8))
            let output = try await sure.output()
            #expect(output.hasPrefix("Deleted Images:\ndeleted: sha256:") && output.contains("deleted: \(old)"))
            #expect(output.contains("\n\nTotal reclaimed space: ") && !output.hasSuffix(" 0B"))
            #expect(try await images.berth("image", "prune", "-f").output() == "Total reclaimed space: 0B")
            #expect(try await images.berth("image", "prune", "-af", "--filter", "until=1h").output().hasSuffix(" 0B"))
            #expect(try await images.berth("image", "prune", "-af").output().contains("untagged: app:latest"))
            #expect(try images.blobs().digests.isEmpty)
        }
    }

    @Test("--root stands before or behind the command; the version and completions are printed")
    func program() async throws {
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            let identifier = try await images.add("app", content: "x")
            let behind = BuiltProgram.berth.command(["images", "-q", "--no-trunc", "--root", images.berth.root.string])
            #expect(try await behind.output() == identifier)
            let version = try await images.berth("version").output()
            #expect(try await images.berth("--version").output() == version && version.hasPrefix("berth "))
            for shell in ["bash", "zsh", "fish"] {
                #expect(try await images.berth("completion", shell).output().contains("images"))
            }
        }
    }
}
