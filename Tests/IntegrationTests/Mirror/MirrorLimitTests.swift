import ImageSpec
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
            try await ScriptedAllowance.use(before: mirror.source.host, remaining: 5) { host in
                let plan = try mirror.plan(
                    """
                    registries: {SOURCE: {reserve: 5, when_used_up: stop}}
                    sources: [{from: SOURCE/app, to: DESTINATION, tags: ["1", "2", "3"]}]
                    """,
                    source: host
                )
                let run = try await mirror.mirror(plan, expecting: 1)
                #expect(run.counts["failed"] == 3)
                #expect(run.outcomes.allSatisfy { $0.reason?.contains("allows only 5 more pulls") == true })
            }
        }
    }
}
