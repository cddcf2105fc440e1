import ImageSpec

/// What happens while a plan is carried out.
package enum MirrorEvent: Sendable {
    /// So many of a repository's tags are meant.
    case selected(repository: String, tags: Int)
    case copying(source: String, destination: String)
    case outcome(MirrorOutcome)
}
