import ImageSpec
import NIOHTTP1
import RegistryClient
import SystemPackage
import Testing

@Suite("Mirrors", .timeLimit(.minutes(5)), .needs("docker-registry"))
struct MirrorCopyTests {
    @Test(
        "tags that a plan means come over, and a second run asks for each once at either side",
        arguments: RegistryUnderTest.allCases,
        RegistryUnderTest.allCases
    )
    func twice(from sourceKind: RegistryUnderTest, to destinationKind: RegistryUnderTest) async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench, from: sourceKind, to: destinationKind)
            try await mirror.push("team/app", "1.2.0", "1.3.0")
            try await mirror.push("team/app", "2.0.0")
            try await FaultProxy.use(before: mirror.source.host, { _ in .none }) { source in
                try await FaultProxy.use(before: mirror.destination.host, { _ in .none }) { destination in
                    let plan = try mirror.plan(
                        """
                        sources:
                          - from: SOURCE/team/app
                            to: DESTINATION/copy/{name}
                            tags: {semver: ">=1 <3"}
                        """,
                        source: source.host,
                        destination: destination.host
                    )
                    let first = try await mirror.mirror(plan)
                    #expect(first.tags("copied") == ["1.2.0", "1.3.0", "2.0.0"] && first.bytes > 40_000)
                    #expect(try await mirror.tags("copy/app") == ["1.2.0", "1.3.0", "2.0.0"])
                    source.forget()
                    destination.forget()
                    let second = try await mirror.mirror(plan)
                    #expect(second.counts["unchanged"] == 3 && second.bytes == 0)
                    #expect(source.requests.filter { $0.method == .HEAD }.count == 3)
                    #expect(
                        source.requests.filter { $0.method == .GET }.map(\.uri).allSatisfy { $0.contains("/tags/list") }
                    )
                    #expect(source.requests.count == 4)
                    #expect(destination.requests.map(\.method) == [.HEAD, .HEAD, .HEAD])
                }
            }
        }
    }

    @Test("tags that are named need no list, and one that is missing is reported while the rest goes on")
    func named() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            try await mirror.push("app", "good")
            try await FaultProxy.use(before: mirror.source.host, { _ in .none }) { source in
                let plan = try mirror.plan(
                    """
                    sources:
                      - {from: SOURCE/app, to: DESTINATION, tags: [missing, good]}
                      - {from: SOURCE/nothing, to: DESTINATION}
                    """,
                    source: source.host
                )
                let run = try await mirror.mirror(plan, expecting: 1)
                #expect(run.tags("copied") == ["good"])
                #expect(run.counts["failed"] == 2)
                #expect(!source.requests.contains { $0.uri.contains("/app/tags/list") })
                #expect(try await mirror.tags("app") == ["good"])
            }
        }
    }

    @Test("a damaged image is reported, and the others come over")
    func damaged() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            let bad = try await mirror.push("app", "bad")
            try await mirror.push("app", "good")
            let blob = "/blobs/\(bad.descriptors[0].digest)"
            try await FaultProxy.use(
                before: mirror.source.host,
                { $0.uri.hasSuffix(blob) ? .corrupted(at: 9000) : .none }
            ) {
                source in
                let plan = try mirror.plan(
                    "sources: [{from: SOURCE/app, to: DESTINATION, tags: [bad, good]}]",
                    source: source.host
                )
                let run = try await mirror.mirror(plan, expecting: 1)
                #expect(run.tags("failed") == ["bad"] && run.tags("copied") == ["good"])
                #expect(try await mirror.tags("app") == ["good"])
            }
        }
    }

    @Test("what images have in common comes once, and is mounted in other repositories")
    func shared() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            let image = try await mirror.push("one", "1", "2", "3", sizes: [300_000])
            try await image.push(to: "two", at: mirror.source.host)
            try await FaultProxy.use(before: mirror.source.host, { _ in .none }) { source in
                let plan = try mirror.plan(
                    "sources: [{from: SOURCE/*, to: 'DESTINATION/{registry}/{repository}'}]",
                    source: source.host
                )
                let run = try await mirror.mirror(plan)
                #expect(run.counts["copied"] == 5)
                #expect(source.requests.filter(\.isBlobPull).count == 2)
            }
        }
    }

    @Test("a dry run says what would be, and changes nothing")
    func dryRun() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            try await mirror.push("app", "1.0.0")
            try await FaultProxy.use(before: mirror.destination.host, { _ in .none }) { destination in
                let plan = try mirror.plan(
                    "sources: [{from: SOURCE/app, to: DESTINATION, delete: gone}]",
                    destination: destination.host
                )
                let run = try await mirror.mirror("--dry-run", plan)
                #expect(run.dryRun && run.tags("copied") == ["1.0.0", "latest"])
                #expect(destination.requests.allSatisfy { $0.method == .GET || $0.method == .HEAD })
            }
        }
    }

    @Test("killed at any moment, the next run ends with what one run would have")
    func killed() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            for tag in ["1", "2", "3"] { try await mirror.push("app", tag, sizes: [400_000, 400_000]) }
            try await FaultProxy.use(before: mirror.source.host, { _ in .throttled(to: 2_000_000) }) { source in
                let plan = try mirror.plan("sources: [{from: SOURCE/app, to: DESTINATION}]", source: source.host)
                for bytes in [600_000, 600_000] {
                    source.forget()
                    let running = try bench.start(mirror.berth("mirror", "--jobs", "1", plan))
                    try await running.wait(for: "copy a part") { source.pulledBytes > bytes ? true : nil }
                    running.send(signal: 9)
                    _ = try await running.result(within: .seconds(5))
                }
                source.forget()
                _ = try await mirror.mirror(plan)
                // What was whole was not fetched again.
                #expect(source.pulledBytes < 2_000_000)
                #expect(try await mirror.mirror(plan).counts["unchanged"] == 4)
                for tag in ["1", "2", "3"] {
                    let copied = try await mirror.digest("app", tag, at: mirror.destination)
                    #expect(try await copied == mirror.digest("app", tag, at: mirror.source))
                }
            }
        }
    }

    @Test("Ctrl-C ends a run with a report of what was done and what wasn't")
    func interrupted() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            for tag in ["1", "2", "3"] { try await mirror.push("app", tag, sizes: [500_000]) }
            try await FaultProxy.use(before: mirror.source.host, { _ in .throttled(to: 500_000) }) { source in
                let plan = try mirror.plan("sources: [{from: SOURCE/app, to: DESTINATION}]", source: source.host)
                let report = bench.folder.appending("report.json")
                let running = try bench.start(
                    mirror.berth("mirror", "--jobs", "1", "--report", report.string, plan)
                )
                try await running.wait(for: "copy a part") { source.pulledBytes > 100_000 ? true : nil }
                running.send(signal: 2)
                let result = try await running.result(within: .seconds(10))
                #expect(result.status == .exited(130))
                #expect(String(decoding: result.standardOutput, as: UTF8.self).contains("interrupted"))
                #expect(
                    try String(decoding: contents(ofFileAt: report), as: UTF8.self).contains("\"action\":\"skipped\"")
                )
            }
        }
    }

    @Test("the sample plan is one")
    func sample() async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let sample = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
                .removingLastComponent().appending("config/mirror.yaml")
            var text = String(decoding: try contents(ofFileAt: sample), as: UTF8.self)
            // Nobody listens there.
            for host in ["docker.io", "registry.example", "backup.example"] {
                text = text.replacing(host, with: "127.0.0.1:1")
            }
            let path = bench.folder.appending("plan.yaml")
            try write(text, to: path)
            let result = try await berth("mirror", "--dry-run", path.string).run()
            #expect(result.status == .exited(1) && result.errorText.isEmpty, "\(result.errorText)")
            #expect(String(decoding: result.standardOutput, as: UTF8.self).contains("the connection was refused"))
        }
    }

    @Test(
        "a plan that is wrong is explained line by line, and is exit status 2",
        arguments: [
            ("sources: []", "'sources' should be a list"),
            ("sources:\n  - form: SOURCE/app", ":2: unknown key 'form'; did you mean 'from'?"),
            (
                "sources:\n  - {from: SOURCE/app, to: DESTINATION, tags: {semver: oops}}",
                "'oops' is no range of versions"
            ),
            ("sources:\n  - {from: SOURCE/app, to: DESTINATION, tags: {regex: '('}}", "no regular expression"),
            ("sources:\n  - {from: SOURCE/app, to: 'DESTINATION/{repo}'}", "'{repo}' is none of"),
            ("sources:\n  - {from: 'SOURCE/app:1', to: DESTINATION}", "its tags are said by 'tags'"),
            ("sources:\n  - {from: SOURCE/app}", "has no 'to'"),
            ("sources:\n  - {from: SOURCE/app, to: DESTINATION, delete: yes}", "'delete' should be none or gone"),
            (
                "registries: {SOURCE: {bytes_per_second: fast}}\nsources: [{from: SOURCE/app, to: DESTINATION}]",
                "a size"
            ),
            ("sources: [", "is not YAML"),
        ]
    )
    func wrongPlans(yaml: String, message: String) async throws {
        try await TestBench.use { bench in
            let berth = try Berth(on: bench)
            let path = bench.folder.appending("plan.yaml")
            let text = yaml.replacing("SOURCE", with: "127.0.0.1:1").replacing("DESTINATION", with: "127.0.0.1:2")
            try write(text, to: path)
            let result = try await berth("mirror", path.string).run()
            #expect(result.status == .exited(2) && result.errorText.contains(message), "\(result.errorText)")
        }
    }
}
