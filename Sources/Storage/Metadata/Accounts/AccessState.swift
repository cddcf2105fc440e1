import Access

/// All that is stored of who may do what, as it stands at one moment.
package struct AccessState: Sendable, Hashable {
    /// In the order of their names.
    package var accounts: [Account]
    /// Of all who are in any, with an account here or without.
    package var groups: [AccountName: Set<GroupName>]
    package var tokens: [AccessToken]
    package var grants: [Grant]
    package var rules: [RepositoryRule]
    /// Grows with every change of the others.
    package var revision: Int64

    package init(
        accounts: [Account] = [],
        groups: [AccountName: Set<GroupName>] = [:],
        tokens: [AccessToken] = [],
        grants: [Grant] = [],
        rules: [RepositoryRule] = [],
        revision: Int64 = 0
    ) {
        self.accounts = accounts
        self.groups = groups
        self.tokens = tokens
        self.grants = grants
        self.rules = rules
        self.revision = revision
    }
}
