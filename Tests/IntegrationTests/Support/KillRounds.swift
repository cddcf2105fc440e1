import Glibc

/// How often a test kills something at a random instant: few times in the tests, hundreds of times by `make kill-test`.
enum KillRounds {
    /// Groups of `size` rounds, each with a seed of its own; the first is printed, and `BERTH_KILL_SEED` gives it again.
    static func groups(of size: Int) -> [UInt64] {
        let seed = number("BERTH_KILL_SEED") ?? UInt64.random(in: 0..<1_000_000)
        let rounds = number("BERTH_KILL_ROUNDS").map { Int($0) } ?? size
        print("kills: \(rounds) rounds with BERTH_KILL_SEED=\(seed)")
        return (0..<max(1, (rounds + size - 1) / size)).map { seed &+ UInt64($0) }
    }

    private static func number(_ variable: String) -> UInt64? {
        getenv(variable).flatMap { UInt64(String(cString: $0)) }
    }
}
