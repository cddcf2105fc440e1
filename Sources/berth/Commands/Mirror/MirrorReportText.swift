import Mirror

/// A mirror's run in lines for people.
enum MirrorReportText {
    /// Nil for what isn't worth one.
    static func line(of event: MirrorEvent, isDryRun: Bool) -> String? {
        switch event {
        case .selected(let repository, let tags):
            return "\(repository): \(tags) tag\(tags == 1 ? "" : "s")"
        case .copying:
            return nil
        case .outcome(let outcome):
            let verb = isDryRun ? dryVerb(outcome.action) : outcome.action.rawValue
            let names = [outcome.source, outcome.destination].compactMap(\.self).joined(separator: " -> ")
            let bytes = outcome.action == .copied && !isDryRun ? " (\(humanSize(outcome.bytes)))" : ""
            return "\(verb): \(names)\(bytes)" + (outcome.reason.map { ": \($0)" } ?? "")
        }
    }

    static func summary(of report: MirrorReport) -> String {
        let counts = MirrorOutcome.Action.allCases.map { "\(report.count($0)) \($0.rawValue)" }
        let note =
            if report.isInterrupted {
                " (interrupted; the next run goes on from here)"
            } else if report.isDryRun {
                " (dry run: nothing was changed)"
            } else {
                ""
            }
        return counts.joined(separator: ", ") + "; sent \(humanSize(report.bytes))" + note
    }

    private static func dryVerb(_ action: MirrorOutcome.Action) -> String {
        switch action {
        case .copied: "would copy"
        case .deleted: "would delete"
        case .unchanged, .skipped, .failed: action.rawValue
        }
    }
}
