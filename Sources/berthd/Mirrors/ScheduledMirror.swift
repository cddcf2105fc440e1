import Mirror

/// A mirror's plan, and when it is carried out.
struct ScheduledMirror: Sendable, Equatable {
    /// The plan's file, read anew each time.
    let plan: String
    let schedule: Schedule
    /// The expression as it was written.
    let text: String
}
