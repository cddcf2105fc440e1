import Access
import ImageSpec

/// What those may do whose tokens say something.
package struct IdentityRule: Sendable, Hashable {
    package let condition: ClaimExpression
    package let grants: [GrantTemplate]
    /// Gives the caller's name in logs; nil for the issuer and subject.
    package let name: ClaimTemplate?
    /// Gives the account here that the caller is; nil for none.
    package let account: ClaimTemplate?
    /// Whose grants the caller has besides.
    package let groups: [GroupName]

    package init(
        condition: ClaimExpression,
        grants: [GrantTemplate],
        name: ClaimTemplate? = nil,
        account: ClaimTemplate? = nil,
        groups: [GroupName] = []
    ) {
        self.condition = condition
        self.grants = grants
        self.name = name
        self.account = account
        self.groups = groups
    }

    struct Outcome {
        let scopes: [Scope]
        let groups: [GroupName]
        let name: String?
        let account: AccountName?
    }

    /// What comes of it; nil when it doesn't hold, or when a claim that it puts into a name can't be there.
    func outcome(for claims: TokenClaims, policy: AccessPolicy) -> Outcome? {
        guard condition.holds(for: claims) else { return nil }
        var scopes: [Scope] = []
        for grant in grants {
            guard let scope = grant.scope(for: claims) else { return nil }
            scopes.append(scope)
        }
        var known: AccountName?
        if let account {
            guard let text = account.text(for: claims), let name = try? AccountName(text),
                policy.accounts[name]?.isEnabled == true
            else { return nil }
            known = name
        }
        return Outcome(scopes: scopes, groups: groups, name: name?.text(for: claims), account: known)
    }
}
