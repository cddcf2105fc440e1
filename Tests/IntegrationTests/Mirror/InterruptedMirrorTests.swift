import ImageSpec
import NIOHTTP1
import SystemPackage
import Testing

/// Mirrors and copies that are killed in the middle of a blob.
@Suite("Interrupted mirrors", .timeLimit(.minutes(5)))
struct InterruptedMirrorTests {
    /// How much may be under way between the two sides, and be lost with a connection.
    private static let slack = 1 << 20

    /// A source that is slow, and a destination, each behind a proxy that counts.
    private func withProxies(
        _ body: @escaping @Sendable (TestBench, MirrorBench, LayeredImage, FaultProxy, FaultProxy) async throws -> Void
    ) async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            let image = try await mirror.push("app", sizes: [12 << 20])
            try await FaultProxy.use(before: mirror.source.host, { _ in .throttled(to: 4 << 20) }) { source in
                try await FaultProxy.use(before: mirror.destination.host, { _ in .none }) { destination in
                    try await body(bench, mirror, image, source, destination)
                }
            }
        }
    }

    private func expectCopied(
        _ image: LayeredImage,
        _ mirror: MirrorBench,
        _ source: FaultProxy,
        _ destination: FaultProxy
    ) async throws {
        let copied = try await mirror.digest("app", "latest", at: mirror.destination)
        #expect(copied == image.manifest.digest())
        #expect(source.pulledBytes <= image.size + Self.slack)
        #expect(destination.pushedBytes <= image.size + Self.slack)
    }

    @Test("the next run of a mirror goes on in the blob where it was, at the source and at the destination")
    func killedMirror() async throws {
        try await withProxies { bench, mirror, image, source, destination in
            let plan = try mirror.plan(
                "sources: [{from: SOURCE/app, to: DESTINATION, tags: [latest]}]",
                source: source.host,
                destination: destination.host
            )
            for bytes in [3 << 20, 7 << 20] {
                let running = try bench.start(mirror.berth("mirror", plan))
                try await running.wait(for: "send a part") { destination.pushedBytes > bytes ? true : nil }
                await running.kill()
            }
            #expect(try names(in: mirror.berth.root.appending("uploads")).contains { $0.hasSuffix(".json") })
            _ = try await mirror.mirror(plan)
            try await expectCopied(image, mirror, source, destination)
            #expect(try names(in: mirror.berth.root.appending("uploads")).isEmpty)
        }
    }

    @Test("a copy between registries that was killed goes on, too")
    func killedCopy() async throws {
        try await withProxies { bench, mirror, image, source, destination in
            let copy = mirror.berth("copy", "\(source.host)/app", "\(destination.host)/app")
            let running = try bench.start(copy)
            try await running.wait(for: "send a part") { destination.pushedBytes > 4 << 20 ? true : nil }
            await running.kill()
            try await copy.output()
            try await expectCopied(image, mirror, source, destination)
        }
    }

    @Test("a berthd that is killed in a scheduled run goes on in the next one where it was")
    func killedSchedule() async throws {
        try await withProxies { bench, mirror, image, source, destination in
            let plan = try mirror.plan(
                "sources: [{from: SOURCE/app, to: DESTINATION, tags: [latest]}]",
                source: source.host,
                destination: destination.host
            )
            let configuration = bench.folder.appending("berthd.yaml")
            try write("mirrors:\n  - {plan: '\(plan)', schedule: '* * * * *'}\n", to: configuration)
            let folder = try bench.makeFolder("scheduler")
            let arguments = ["--config", configuration.string]
            let first = try await Berthd.start(on: bench, folder: folder, arguments: arguments)
            try await first.process.wait(for: "send a part", within: .seconds(90)) {
                destination.pushedBytes > 4 << 20 ? true : nil
            }
            await first.process.kill()
            _ = try await Berthd.start(on: bench, folder: folder, arguments: arguments)
            let copied = try await poll(within: .seconds(90)) {
                try await mirror.digest("app", "latest", at: mirror.destination) == nil ? nil : true
            }
            #expect(copied == true)
            try await expectCopied(image, mirror, source, destination)
        }
    }

    @Test("a mirror needs no folder of its own: where none can be made it copies all the same")
    func withoutFolder() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            try await mirror.push("app", sizes: [400_000])
            let file = bench.folder.appending("file")
            try write("", to: file)
            let plan = try mirror.plan("sources: [{from: SOURCE/app, to: DESTINATION, tags: [latest]}]")
            let result = try await mirror.berth("mirror", "--root", "\(file)/root", plan).run()
            #expect(result.status == .exited(0), "\(result.errorText)")
            #expect(try await mirror.tags("app") == ["latest"])
        }
    }
}
