import ImageSpec
import Mirror
import NIOHTTP1
import RegistryClient
import Synchronization
import Testing

@Suite("Limits of mirrors", .timeLimit(.minutes(5)))
struct MirrorLimitTests {
    @Test("a source is asked no more often, and for no more bytes, than the plan says")
    func rates() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            try await mirror.push("app", "1", "2", "3", "4", "5", "6", sizes: [600_000])
            let plain = "sources: [{from: SOURCE/app, to: DESTINATION}]"
            let limited = "registries: {SOURCE: {LIMIT}}\n"
            let clock = ContinuousClock()
            var plan = try mirror.plan(limited.replacing("LIMIT", with: "bytes_per_second: 400kB") + plain)
            let bytes = try await clock.measure { _ = try await mirror.mirror(plan) }
            #expect(bytes > .seconds(1.2))
            plan = try mirror.plan(limited.replacing("LIMIT", with: "requests_per_second: 4") + plain)
            // A list and seven tags.
            let requests = try await clock.measure { _ = try await mirror.mirror(plan) }
            #expect(requests > .seconds(1.5))
        }
    }

    @Test("when few pulls are left they are left to others, and the rest of the run is reported")
    func stop() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            for tag in ["1", "2", "3"] { try await mirror.push("app", tag) }
            try await FaultProxy.use(before: mirror.source.host) { _ in
                .adding(("RateLimit-Remaining", "5;w=21600"))
            } _: { source in
                let plan = try mirror.plan(
                    """
                    registries: {SOURCE: {reserve: 5, when_used_up: stop}}
                    sources: [{from: SOURCE/app, to: DESTINATION, tags: ["1", "2", "3"]}]
                    """,
                    source: source.host
                )
                let run = try await mirror.mirror(plan, expecting: 1)
                #expect(run.counts["failed"] == 3)
                #expect(run.outcomes.allSatisfy { $0.reason?.contains("allows only 5 more pulls") == true })
                #expect(!source.requests.contains { $0.method == .GET })
            }
        }
    }

    @Test("a run that is to wait asks again, without a pull, until there are more")
    func wait() async throws {
        try await TestBench.use { bench in
            let mirror = try await MirrorBench(on: bench)
            for tag in ["1", "2", "3"] { try await mirror.push("app", tag) }
            try await FaultProxy.use(before: mirror.source.host) { request in
                .adding(("RateLimit-Remaining", request.number < 6 ? "0;w=21600" : "50;w=21600"))
            } _: { source in
                let entry = MirrorEntry(
                    host: source.host,
                    repositories: .one(try RepositoryName("app")),
                    destinations: [try DestinationTemplate("\(mirror.destination.host)")]
                )
                let plan = MirrorPlan(entries: [entry], limits: [source.host: TrafficLimits(exhaustion: .wait)])
                let clock = HastyClock()
                var options = MirrorOptions()
                options.jobs = 1
                let registries = Registries(configuration: RegistryClient.Configuration())
                let report = await
                    (try MirrorRunner(plan, registries: registries, options: options, clock: clock.clock))
                    .run()
                #expect(report.isComplete && report.count(.copied) == 4)
                // A list, and the first tag, whose allowance was asked for until there was some.
                #expect(source.requests.prefix(7).map(\.method) == [.GET] + [HTTPMethod](repeating: .HEAD, count: 6))
                #expect(clock.slept >= .seconds(5 * 60))
            }
        }
    }
}

/// A clock on which waiting takes no time.
private final class HastyClock: Sendable {
    /// Protects the time: tasks wait at once.
    private let time = Mutex(Duration.zero)

    var slept: Duration { time.withLock { $0 } }

    var clock: MirrorClock {
        MirrorClock(
            now: { self.slept },
            sleep: { duration in
                try Task.checkCancellation()
                self.time.withLock { $0 += duration }
            }
        )
    }
}
