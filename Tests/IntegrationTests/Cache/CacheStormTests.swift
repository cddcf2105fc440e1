import AsyncHTTPClient
import Glibc
import ImageSpec
import NIOHTTP1
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// Clients of whole blobs and of parts, a hub that cuts, refuses and lies, a cache too small for all of it, and a server
/// that is killed: all at once, by chance. `BERTH_STORM_SECONDS` makes it longer, `BERTH_STORM_SEED` the same again.
@Suite("A cache in a storm", .timeLimit(.minutes(30)))
struct CacheStormTests {
    private static let clients = 4
    private static let cacheSize = 6 << 20

    private let seconds = number("BERTH_STORM_SECONDS") ?? 12
    private let seed = number("BERTH_STORM_SEED") ?? UInt64.random(in: 0..<1_000_000)

    /// What went right, and how much of it.
    private struct Tally {
        var whole = 0
        var parts = 0
        var failures = 0
        var bytes = 0
        var wrong: [String] = []
    }

    /// What the clients and the one who kills share.
    private final class Shared: Sendable {
        let cache: Mutex<CachingBerthd>
        let tally = Mutex(Tally())
        /// Gives up at once where nobody listens any more.
        let http: HTTPClient

        init(_ cache: CachingBerthd) {
            self.cache = Mutex(cache)
            var configuration = HTTPClient.Configuration()
            configuration.connectionPool.retryConnectionEstablishment = false
            http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        }

        var now: CachingBerthd { cache.withLock { $0 } }
    }

    @Test("every byte that a client took as whole is right; the cache keeps within its size; nothing is damaged")
    func storm() async throws {
        print("cache storm: \(seconds) seconds with BERTH_STORM_SEED=\(seed)")
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            var generator = SeededGenerator(seed: seed)
            var blobs: [[UInt8]] = []
            for number in 0..<8 {
                let size = Int.random(in: 100_000...2_500_000, using: &generator)
                blobs.append(pseudorandomBytes(size, seed: seed &+ UInt64(number) &+ 1))
                try await hub.push(blobs[number], to: "app")
            }
            let weather = Mutex(SeededGenerator(seed: generator.next()))
            let isCalm = Mutex(false)
            try await FaultProxy.use(before: hub.host) { request in
                isCalm.withLock { $0 } ? .none : weather.withLock { Self.fault(for: request, &$0) }
            } _: { [blobs, generator] proxy in
                let first = try await CachingBerthd.start(
                    on: bench,
                    endpoints: ["http://\(proxy.host)"],
                    top: "cache_size: \(Self.cacheSize)\n"
                )
                let shared = Shared(first)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let end = ContinuousClock.now + .seconds(Double(seconds))
                    for client in 0..<Self.clients {
                        group.addTask { [seed] in
                            var own = SeededGenerator(seed: seed &+ 1000 &+ UInt64(client))
                            while ContinuousClock.now < end {
                                await Self.fetch(blobs, from: shared, &own)
                            }
                        }
                    }
                    group.addTask {
                        var generator = generator
                        while ContinuousClock.now < end {
                            try await Task.sleep(for: .milliseconds(Int.random(in: 800...3000, using: &generator)))
                            let running = shared.now
                            running.registry.process.send(signal: SIGKILL)
                            _ = try await running.registry.process.result(within: .seconds(10))
                            let next = try await running.startAgain(on: bench)
                            shared.cache.withLock { $0 = next }
                        }
                    }
                    try await group.waitForAll()
                }
                try await shared.http.shutdown()
                let result = shared.tally.withLock { $0 }
                print("cache storm: \(result.whole) blobs, \(result.parts) parts, \(result.failures) failures")
                #expect(result.wrong == [])
                #expect(result.whole > 0)

                // The weather is fine again: all of it is to be had, and what is kept is whole.
                isCalm.withLock { $0 = true }
                let last = shared.now
                for blob in blobs {
                    let got = try await poll(within: .seconds(60)) { () -> Digest? in
                        let reply = try? await last.blob(.of(blob), of: "app")
                        return reply?.status == 200 ? reply.map { Digest.of($0.body) } : nil
                    }
                    let reply = got == nil ? try? await last.blob(.of(blob), of: "app") : nil
                    #expect(got == .of(blob), "\(reply?.text.prefix(500) ?? ""); \(last.registry.log.suffix(2000))")
                }
                if let peak = last.registry.process.peakResidentMemory { #expect(peak < 200 << 20) }
                await last.registry.process.stop()
                let check = try await BuiltProgram.berthd.command(
                    ["check", "--digests", "--data", last.folder.string]
                ).run()
                #expect(check.text.contains(" 0 damage"), "\(check.text)\(check.errorText)")
            }
        }
    }

    private static func fault(for request: ProxiedRequest, _ generator: inout SeededGenerator) -> Fault {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<3 where request.isBlobPull:
            .cutResponse(after: Int.random(in: 0..<1_000_000, using: &generator))
        case 3: .answer(.serviceUnavailable)
        case 4: .answer(.tooManyRequests, ("retry-after", "1"))
        case 5 where request.isBlobPull: .corrupted(at: Int.random(in: 0..<100_000, using: &generator))
        case 6..<12: .throttled(to: Int.random(in: 500_000...8_000_000, using: &generator))
        default: .none
        }
    }

    private static func fetch(
        _ blobs: [[UInt8]],
        from shared: Shared,
        _ generator: inout SeededGenerator
    ) async {
        guard let blob = blobs.randomElement(using: &generator) else { return }
        let isWhole = generator.happens(2, outOf: 3)
        let start = isWhole ? 0 : Int.random(in: 0..<blob.count, using: &generator)
        let end = isWhole ? blob.count : Int.random(in: start..<blob.count, using: &generator) + 1
        var request = HTTPClientRequest(url: "\(shared.now.registry.url)/v2/hub.test/app/blobs/\(Digest.of(blob))")
        if !isWhole { request.headers.add(name: "Range", value: "bytes=\(start)-\(end - 1)") }
        let response = try? await shared.http.execute(request, timeout: .seconds(60))
        let body = try? await response?.body.collect(upTo: 16 << 20)
        let isAnswer = response?.status == (isWhole ? .ok : .partialContent)
        // A part proves nothing by itself: what was handed on of wrong bytes before they proved wrong is cut off at the
        // blob's end alone. The whole is right, or its client knows.
        let bytes = body.map { Array($0.readableBytesView) }
        let isRight = bytes.map { isWhole ? Digest.of($0) == .of(blob) : $0.count == end - start }
        shared.tally.withLock { tally in
            guard isAnswer, let bytes else {
                tally.failures += 1
                return
            }
            if isRight != true { tally.wrong.append("\(Digest.of(blob)) \(start)..<\(end): \(bytes.count) bytes") }
            if isWhole { tally.whole += 1 } else { tally.parts += 1 }
            tally.bytes += bytes.count
        }
    }
}

private func number(_ name: String) -> UInt64? {
    getenv(name).flatMap { UInt64(String(cString: $0)) }
}
