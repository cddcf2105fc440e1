import FoundationEssentials
import Glibc
import ImageSpec
import Testing

@Suite("Progress of copies", .timeLimit(.minutes(2)))
struct CopyProgressTests {
    @Test("a program is told by lines of JSON, the last of them with the digest and what was sent")
    func json() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [3 << 20])
            try await image.push(to: "app", at: registry.host)
            let berth = try Berth(on: bench)
            let layout = "oci:\(bench.folder)/layout:1"
            let copied = try await lines(of: berth("copy", "--progress", "json", registry.name("app"), layout))
            let isWhole = { (line: Line) in line.status == "Copying" && line.current == 3 << 20 && line.total == 3 << 20
            }
            #expect(copied.contains(where: isWhole))
            #expect(copied.last?.status == "Done" && copied.last?.digest == "\(image.manifest.digest())")
            #expect(copied.last?.sent == Int64(image.size + image.manifest.bytes.count))
            let back = registry.name("other")
            let mounted = try await lines(of: berth("copy", "--progress", "json", registry.name("app"), back))
            #expect(
                mounted.map(\.status) == ["Mounted from another repository", "Mounted from another repository", "Done"]
            )
            let archive = "docker-archive:\(bench.folder)/a.tar"
            #expect(try await lines(of: berth("copy", "--progress", "json", layout, archive)).contains(where: isWhole))
        }
    }

    @Test("--jobs says how many blobs go at once", arguments: [1, 3])
    func jobs(count: Int) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [Int](repeating: 400_000, count: 5))
            try await image.push(to: "app", at: registry.host)
            try await FaultProxy.use(before: registry.host) { request in
                request.isBlobPull ? .stallResponse(after: 10) : .none
            } _: { proxy in
                let copy = try bench.start(
                    Berth(on: bench)("copy", "--jobs", "\(count)", "\(proxy.host)/app", "oci:\(bench.folder)/layout:1")
                )
                let running = { @Sendable in proxy.requests.filter(\.isBlobPull).count }
                try await copy.wait(for: "ask for \(count)") { running() >= count ? true : nil }
                // As long as nothing ends, nothing more is asked for.
                try await Task.sleep(for: .milliseconds(300))
                #expect(running() == count)
                copy.send(signal: SIGINT)
                let result = try await copy.result(within: .seconds(5))
                #expect(result.status == .exited(130))
                #expect(
                    result.errorText
                        == "berth: interrupted; what is whole at the destination is not copied again by the next try\n"
                )
            }
        }
    }

    @Test("Ctrl-C leaves nothing of an archive")
    func archive() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            try await LayeredImage(sizes: [2 << 20]).push(to: "app", at: registry.host)
            try await FaultProxy.use(before: registry.host) { _ in
                .throttled(to: 1 << 20)
            } _: { proxy in
                let target = try bench.makeFolder("target")
                let copy = try bench.start(
                    Berth(on: bench)("copy", "\(proxy.host)/app", "oci-archive:\(target.appending("a.tar"))")
                )
                try await copy.wait(for: "copy a part") { proxy.pulledBytes > 300_000 ? true : nil }
                copy.send(signal: SIGINT)
                let result = try await copy.result(within: .seconds(5))
                #expect(result.status == .exited(130) && result.errorText.contains("no archive was written"))
                #expect(try names(in: target).isEmpty)
            }
        }
    }

    @Test("a terminal shows how far a copy is, in place")
    func terminal() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            try await LayeredImage(sizes: [1 << 20]).push(to: "app", at: registry.host)
            try await FaultProxy.use(before: registry.host) { _ in
                .throttled(to: 1 << 20)
            } _: { proxy in
                let copy = try Berth(on: bench)("copy", "\(proxy.host)/app", "oci:\(bench.folder)/layout:1")
                for (kind, draws) in [("xterm", true), ("dumb", false), ("", false)] {
                    var command = Command("script", "-qe", "-c", "rm -rf \(bench.folder)/layout; \(copy)", "/dev/null")
                    command.environment = copy.environment.merging(["TERM": kind]) { $1 }
                    let shown = try await command.output()
                    #expect(shown.contains("\u{1b}[") == draws, "\(kind)")
                    #expect(shown.contains(": Copying") == draws && shown.contains(": Copied"), "\(kind)")
                }
            }
        }
    }

    private struct Line: Decodable {
        let status: String
        let current: Int64?
        let total: Int64?
        let digest: String?
        let sent: Int64?
    }

    private func lines(of command: Command) async throws -> [Line] {
        try await command.output().split(separator: "\n")
            .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }
}
