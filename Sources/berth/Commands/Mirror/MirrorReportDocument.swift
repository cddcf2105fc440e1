import Mirror

/// A mirror's report as JSON.
struct MirrorReportDocument: Encodable {
    private struct Outcome: Encodable {
        let action: String
        let source: String?
        let destination: String?
        let digest: String?
        let bytes: Int64
        let blobsCopied: Int
        let blobsSkipped: Int
        let reason: String?
    }

    private let dryRun: Bool
    private let interrupted: Bool
    private let counts: [String: Int]
    private let bytes: Int64
    private let outcomes: [Outcome]

    init(_ report: MirrorReport) {
        dryRun = report.isDryRun
        interrupted = report.isInterrupted
        counts = Dictionary(
            uniqueKeysWithValues: MirrorOutcome.Action.allCases.map { ($0.rawValue, report.count($0)) }
        )
        bytes = report.bytes
        outcomes = report.outcomes.map { outcome in
            Outcome(
                action: outcome.action.rawValue,
                source: outcome.source,
                destination: outcome.destination,
                digest: outcome.digest?.description,
                bytes: outcome.bytes,
                blobsCopied: outcome.blobs.copied,
                blobsSkipped: outcome.blobs.skipped,
                reason: outcome.reason
            )
        }
    }
}
