/// What was done, or tried, as the audit calls it.
package enum AuditAction: String, Sendable, Hashable, CaseIterable {
    case pull
    /// A manifest was pushed, under a tag or its digest alone.
    case push
    /// A repository was let serve a blob that another one had.
    case mount
    case deleteManifest = "delete-manifest"
    case deleteTag = "delete-tag"
    case deleteBlob = "delete-blob"
    /// Anything else that was asked of a repository.
    case access

    case login
    case addAccount = "add-account"
    case changeAccount = "change-account"
    case removeAccount = "remove-account"
    case addToken = "add-token"
    case rotateToken = "rotate-token"
    case revokeToken = "revoke-token"
    case addGrant = "add-grant"
    case removeGrant = "remove-grant"
    case setRule = "set-rule"
    case removeRule = "remove-rule"
    case setQuota = "set-quota"
    case removeQuota = "remove-quota"
    /// Old entries of the audit itself were dropped.
    case trimAudit = "trim-audit"
}
