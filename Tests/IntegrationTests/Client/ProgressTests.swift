import FoundationEssentials
import Glibc
import ImageSpec
import Testing

@testable import berth

@Suite("Progress", .timeLimit(.minutes(2)))
struct ProgressTests {
    private let start = ContinuousClock.now
    private let layer = Digest.of("layer".utf8)

    @Test("a line is drawn again in its place, with rate and time left")
    func inPlace() {
        var screen = ProgressScreen()
        screen.show(report(.downloading, 0), at: start)
        let first = screen.frame(columns: 100, rows: 24, at: start)
        #expect(first.hasPrefix("\(layer.short): Downloading  [>") && first.hasSuffix("]  0B/100MB\n"))
        screen.show(report(.downloading, 20_000_000), at: start + .seconds(2))
        let second = screen.frame(columns: 100, rows: 24, at: start + .seconds(2))
        #expect(second.hasPrefix("\u{1b}[1A\r\u{1b}[J\(layer.short): Downloading  [====="))
        #expect(second.hasSuffix("20MB/100MB  10MB/s  8s\n"))
        screen.show(report(.unpacked, 100_000_000), at: start + .seconds(9))
        let last = screen.frame(columns: 100, rows: 24, at: start + .seconds(9))
        #expect(last == "\u{1b}[1A\r\u{1b}[J\(layer.short): Pull complete\n")
        #expect(screen.frame(columns: 100, rows: 24, at: start + .seconds(9)).isEmpty)
    }

    @Test(
        "lines that a narrower terminal has broken are taken back whole",
        arguments: [(80, 1), (79, 1), (40, 2), (30, 3)]
    )
    func resize(columns: Int, rows: Int) {
        var screen = ProgressScreen()
        screen.show(report(.downloading, 20_000_000), at: start)
        let wide = screen.frame(columns: 80, rows: 24, at: start)
        let length = wide.count - 1
        #expect(length <= 79 && length > 60)
        let narrow = screen.frame(columns: columns, rows: 24, at: start)
        #expect(narrow.hasPrefix("\u{1b}[\((length + columns - 1) / columns)A\r\u{1b}[J"))
        #expect((length + columns - 1) / columns == rows)
        #expect(
            narrow.split(separator: "\n").allSatisfy {
                $0.replacing("\u{1b}[\(rows)A\r\u{1b}[J", with: "").count < columns
            }
        )
    }

    @Test("a terminal of a few columns gets lines that it need not break", arguments: [1, 2, 5, 12, 19])
    func narrow(columns: Int) {
        var screen = ProgressScreen()
        for number in 0..<9 {
            let report = LayerReport(layer: .of("\(number)".utf8), status: .downloading, current: 1, total: 2)
            screen.show(report, at: start)
        }
        let lines = screen.frame(columns: columns, rows: 6, at: start).split(separator: "\n")
        #expect(lines.count == 4 && lines.allSatisfy { (1..<max(columns, 2)).contains($0.count) })
        #expect(screen.frame(columns: columns, rows: 6, at: start).hasPrefix("\u{1b}[4A\r"))
    }

    @Test("no more lines are drawn than the terminal has")
    func manyLayers() {
        var screen = ProgressScreen()
        for number in 0..<100 {
            let report = LayerReport(layer: .of("\(number)".utf8), status: .downloading, current: 1, total: 2)
            screen.show(report, at: start)
        }
        let lines = screen.frame(columns: 80, rows: 10, at: start).split(separator: "\n")
        #expect(lines.count == 8 && lines.last == "and 93 more")
    }

    @Test("the rate is of the last seconds, and what was here before doesn't count")
    func rate() {
        var meter = TransferMeter()
        meter.record(1_000_000_000, at: start)
        #expect(meter.rate(at: start) == nil)
        meter.record(1_000_000_000, at: start + .seconds(10))
        meter.record(1_000_500_000, at: start + .seconds(15))
        #expect(meter.rate(at: start + .seconds(15)) == 100_000)
        #expect(meter.timeLeft(to: 1_001_500_000, at: start + .seconds(15)) == .seconds(10))
        #expect(meter.rate(at: start + .seconds(20)) == 50_000)
    }

    @Test("a program is told by lines of JSON, the last of them with the digest")
    func json() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [3 << 20])
            try await image.push(to: "app", at: registry.host)
            let berth = try Berth(on: bench)
            let pulled = try await lines(of: berth("pull", "--progress", "json", registry.name("app")))
            #expect(pulled.contains { $0.status == "Downloading" && $0.current == $0.total && $0.total == 3 << 20 })
            #expect(pulled.last?.status == "Done" && pulled.last?.digest == "\(image.manifest.digest())")
            try await berth("tag", registry.name("app"), registry.name("copy")).output()
            let other = try await lines(of: berth("push", "--progress", "json", registry.name("copy")))
            #expect(other.map(\.status) == ["Mounted from another repository", "Done"])
            #expect(try await berth("pull", "-q", registry.name("app")).output() == registry.name("app"))
        }
    }

    @Test("Ctrl-C ends a pull at once, and the next one goes on from there")
    func interrupt() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [2 << 20])
            try await image.push(to: "app", at: registry.host)
            try await FaultProxy.use(before: registry.host) { _ in
                .throttled(to: 1 << 20)
            } _: { proxy in
                let berth = try Berth(on: bench)
                let pull = try bench.start(berth("pull", "\(proxy.host)/app"))
                try await pull.wait(for: "fetch a part") { proxy.pulledBytes > 300_000 ? true : nil }
                pull.send(signal: SIGINT)
                let result = try await pull.result(within: .seconds(5))
                #expect(result.status == .exited(130))
                #expect(result.errorText.hasPrefix("berth: interrupted; what was downloaded is kept"))
                try await berth("pull", "\(proxy.host)/app").output()
                #expect(proxy.pulledBytes <= image.size + 128 << 10)
                #expect(proxy.requests.contains { $0.header("Range") != nil })
            }
        }
    }

    private func report(_ status: LayerReport.Status, _ bytes: Int64) -> LayerReport {
        LayerReport(layer: layer, status: status, current: bytes, total: 100_000_000)
    }

    private struct Line: Decodable {
        let status: String
        let current: Int64?
        let total: Int64?
        let digest: String?
    }

    private func lines(of command: Command) async throws -> [Line] {
        try await command.output().split(separator: "\n")
            .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }
}
