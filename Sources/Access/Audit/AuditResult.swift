/// What came of what was tried.
package enum AuditResult: String, Sendable, Hashable, CaseIterable {
    case succeeded
    /// They may not.
    case denied
    /// They may, and it could not be done.
    case failed
}
