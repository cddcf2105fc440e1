/// What a run of a plan did.
package struct MirrorReport: Sendable {
    package var outcomes: [MirrorOutcome] = []
    /// Whether nothing was changed, and the outcomes say what would be.
    package var isDryRun: Bool
    /// Whether it was ended before its end.
    package var isInterrupted = false

    init(isDryRun: Bool) {
        self.isDryRun = isDryRun
    }

    package func count(_ action: MirrorOutcome.Action) -> Int { outcomes.count { $0.action == action } }

    /// Sent to the destinations.
    package var bytes: Int64 { outcomes.map(\.bytes).reduce(0, +) }

    package var isComplete: Bool { count(.failed) == 0 && count(.skipped) == 0 && !isInterrupted }
}
