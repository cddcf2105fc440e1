import ImageSpec
import Testing

@Suite("Scheduled mirrors", .timeLimit(.minutes(4)))
struct ScheduledMirrorTests {
    @Test("berthd carries a plan out when its time comes, and serves what it copied")
    func everyMinute() async throws {
        try await TestBench.use { bench in
            let hub = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [50_000])
            try await image.push(to: "library/app", at: hub.host)
            let plan = bench.folder.appending("plan.yaml")
            let configuration = bench.folder.appending("berthd.yaml")
            try write("mirrors:\n  - {plan: '\(plan)', schedule: '* * * * *'}\n", to: configuration)
            let mirror = try await Berthd.start(
                on: bench,
                folder: bench.makeFolder("mirror"),
                arguments: ["--config", configuration.string]
            )
            // The plan is read when its time has come.
            try write(
                "sources:\n  - from: \(hub.host)/library/app\n    to: \(mirror.host)/mirrored/app\n    tags: [latest]\n",
                to: plan
            )
            let copied = try await poll(within: .seconds(90)) { () -> [UInt8]? in
                let reply = try await mirror.call(
                    .GET,
                    "/v2/mirrored/app/manifests/latest",
                    headers: ["accept": MediaType.manifests.map(\.rawValue).joined(separator: ", ")]
                )
                return reply.status == 200 ? reply.body : nil
            }
            #expect(copied == image.manifest.bytes)
        }
    }

    @Test(
        "what can't be a schedule is told with its line",
        arguments: [
            ("[{plan: a, schedule: '61 * * * *'}]", "minute"), ("[{plan: a}]", "schedule"),
            ("[{schedule: '@daily'}]", "plan"),
            ("[{plan: a, schedule: '@daily', zone: mars}]", "zone"),
            ("[{plan: a, schedule: '@daily', jiter: 1m}]", "jitter"),
            ("yes", "list"),
        ]
    )
    func wrong(mirrors: String, word: String) async throws {
        try await TestBench.use { bench in
            let configuration = bench.folder.appending("berthd.yaml")
            try write("mirrors: \(mirrors)\n", to: configuration)
            let check = try await BuiltProgram.berthd.command(["check-config", "--config", configuration.string]).run()
            #expect(check.status != .exited(0))
            #expect(check.errorText.contains("berthd.yaml:1:") && check.errorText.contains(word), "\(check.errorText)")
        }
    }
}
