import Glibc
import ImageSpec
import SystemPackage
import TestSupport
import Testing

/// A real load of pushes and deletions, and a server that is killed in the middle of it, again and again.
///
/// `make crash-test` runs many rounds, and prints the seed; `BERTH_CRASH_SEED` runs the same again, as far as the
/// machine's clock lets it.
@Suite("Crashes", .timeLimit(.minutes(60)))
struct CrashTests {
    private static let clientCount = 4
    /// After so many rounds the folder is a new one, so that reading all of it each time stays quick.
    private static let roundsPerFolder = 25

    private let rounds = number("BERTH_CRASH_ROUNDS") ?? 4
    private let seed = number("BERTH_CRASH_SEED") ?? UInt64.random(in: 0..<1_000_000)

    @Test("what was acknowledged before a SIGKILL is there after it, and what is left behind is swept")
    func crash() async throws {
        print("crash test: \(rounds) rounds with BERTH_CRASH_SEED=\(seed)")
        var generator = SeededGenerator(seed: seed)
        var left = rounds
        while left > 0 {
            let count = min(left, UInt64(Self.roundsPerFolder))
            left -= count
            let folderSeed = generator.next()
            try await TestBench.use { try await crash(on: $0, rounds: count, seed: folderSeed) }
        }
    }

    private func crash(on bench: TestBench, rounds: UInt64, seed: UInt64) async throws {
        let folder = try bench.makeFolder("data")
        var generator = SeededGenerator(seed: seed)
        var clients = (0..<Self.clientCount).map { CrashClient(repository: "load/\($0)", seed: generator.next()) }
        for round in 1...rounds {
            let registry = try await Berthd.start(on: bench, folder: folder)
            if round > 1 {
                clients = try await all(clients) { try await $0.verify(on: registry, wholly: round.isMultiple(of: 10)) }
                try await expectNoLitter(in: folder)
            }
            let delay = Duration.milliseconds(Int.random(in: 20...700, using: &generator))
            clients = try await all(clients, until: { try await kill(registry, after: delay) }) {
                try await $0.load(registry)
            }
            try await expectNoDamage(in: folder)
        }
        let registry = try await Berthd.start(on: bench, folder: folder)
        clients = try await all(clients) { try await $0.verify(on: registry, wholly: true) }
        try await expectNoLitter(in: folder)
        #expect(clients.reduce(0) { $0 + $1.acknowledgedCount } > 0)
        await registry.process.stop()
    }

    private func kill(_ registry: RunningRegistry, after delay: Duration) async throws {
        try await Task.sleep(for: delay)
        registry.process.send(signal: SIGKILL)
        try await registry.process.result(within: .seconds(10))
    }

    /// Lets all clients work at once, until they have done or `end` is reached: their own library would wait for the
    /// dead server to come back.
    private func all(
        _ clients: [CrashClient],
        until end: (() async throws -> Void)? = nil,
        _ work: @escaping @Sendable (inout CrashClient) async throws -> Void
    ) async throws -> [CrashClient] {
        try await withThrowingTaskGroup(of: CrashClient.self) { group in
            for client in clients {
                group.addTask {
                    var client = client
                    try await work(&client)
                    return client
                }
            }
            if let end {
                try await end()
                group.cancelAll()
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func check(_ folder: FilePath) async throws -> CommandResult {
        try await BuiltProgram.berthd.command(["check", "--data", folder.string, "--digests"]).run()
    }

    private func expectNoDamage(in folder: FilePath) async throws {
        let result = try await check(folder)
        #expect(result.status == .exited(0), "\(result.text)\(result.errorText)")
    }

    /// The sweep runs while the server serves: it is waited for.
    private func expectNoLitter(in folder: FilePath) async throws {
        let isSwept = try await poll(within: .seconds(30)) {
            let result = try await check(folder)
            #expect(result.status == .exited(0), "\(result.text)\(result.errorText)")
            return result.text.contains(" 0 litter") ? true : nil
        }
        #expect(isSwept == true, "what was left behind is still there after 30 seconds")
    }
}

private func number(_ variable: String) -> UInt64? {
    getenv(variable).flatMap { UInt64(String(cString: $0)) }
}
