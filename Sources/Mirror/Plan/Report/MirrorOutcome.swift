import ImageSpec

/// What became of one image or tag of a plan.
package struct MirrorOutcome: Sendable {
    package enum Action: String, Sendable, CaseIterable {
        case copied
        /// The destination had it.
        case unchanged
        case deleted
        /// It was not tried, for the run ended before.
        case skipped
        case failed
    }

    package var action: Action
    /// As `registry/repository:tag`; nil for what is only at the destination.
    package var source: String?
    /// Nil for a source of which nothing could be learned.
    package var destination: String?
    /// Of the image at the source.
    package var digest: Digest?
    /// Sent to the destination.
    package var bytes: Int64 = 0
    package var blobs = CopyReport.Count()
    /// What else is to be said: why it failed, or that it has another digest there.
    package var reason: String?

    init(
        _ action: Action,
        source: String? = nil,
        destination: String? = nil,
        digest: Digest? = nil,
        reason: String? = nil
    ) {
        self.action = action
        self.source = source
        self.destination = destination
        self.digest = digest
        self.reason = reason
    }
}
