/// Whose first push to a name makes a repository of it.
package enum CreationRule: String, Sendable, Hashable, CaseIterable {
    /// Theirs who may push to it.
    case pushers
    /// Theirs who administer it.
    case administrators
}
