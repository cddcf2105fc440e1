/// Somebody whom another provider vouches for, and who has no account here.
package struct FederatedCaller: Sendable, Hashable {
    package let name: String
    /// What they may do by themselves.
    package let scopes: [Scope]
    /// Whose grants they have besides, as those stand when they are used.
    package let groups: [GroupName]
    /// What the credential allows at most of both; nil for all of it.
    package let limit: [Scope]?

    package init(name: String, scopes: [Scope], groups: [GroupName] = [], limit: [Scope]? = nil) {
        self.name = name
        self.scopes = scopes
        self.groups = groups
        self.limit = limit
    }

    /// The same without the bounds of the credential, or with others.
    package func limited(to limit: [Scope]?) -> FederatedCaller {
        FederatedCaller(name: name, scopes: scopes, groups: groups, limit: limit)
    }
}
