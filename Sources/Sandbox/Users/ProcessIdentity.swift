import CSandbox

/// Whom a process runs as, in numbers.
struct ProcessIdentity: Sendable, Equatable {
    /// As many as a plan has room for.
    static let maximumGroups = Int(BERTH_MAXIMUM_GROUPS)

    var user: UInt32
    var group: UInt32
    var supplementaryGroups: [UInt32]
    /// The default for HOME.
    var home: String
}
