import ImageSpec

/// Who may do what, as it stands at a moment: a value, so that one request is judged by one state of things.
package struct AccessPolicy: Sendable {
    /// By name.
    package var accounts: [AccountName: Account]
    /// By the hash of their secrets.
    package private(set) var tokens: [Digest: AccessToken]
    package private(set) var tokensByID: [String: AccessToken]
    package var grants: [GrantSubject: [Scope]]
    /// The more specific first.
    package private(set) var rules: [RepositoryRule]
    /// No accounts at all are wanted: whoever gets here may do everything.
    package var isOpen: Bool

    package init(
        accounts: [Account] = [],
        tokens: [AccessToken] = [],
        grants: [Grant] = [],
        rules: [RepositoryRule] = [],
        isOpen: Bool = false
    ) {
        self.accounts = Dictionary(accounts.map { ($0.name, $0) }) { $1 }
        self.tokens = Dictionary(tokens.map { ($0.hash, $0) }) { $1 }
        tokensByID = Dictionary(tokens.map { ($0.id, $0) }) { $1 }
        self.grants = Dictionary(grouping: grants, by: \.subject).mapValues { $0.map(\.scope) }
        self.rules = rules.sorted { ($0.pattern.weight, $1.pattern.text) > ($1.pattern.weight, $0.pattern.text) }
        self.isOpen = isOpen
    }

    /// Whoever gets here may do everything.
    package static let open = AccessPolicy(isOpen: true)

    /// What `identity` may do with `repository`, whether or not there is such a repository.
    package func actions(of identity: Identity, on repository: RepositoryName) -> Actions {
        if isOpen { return .all }
        let visibility = visibility(of: repository)
        var forAll = granted(to: .everyone, on: repository)
        if visibility == .public { forAll.formUnion(.pull) }
        switch identity {
        case .anonymous:
            return forAll
        case .federated(let caller):
            let own = actions(of: caller, visibility, on: repository)
            return forAll.union(caller.limit.map { own.intersection($0.actions(on: repository)) } ?? own)
        case .account(let name, let scopes, let tokenID):
            guard let account = activeAccount(name, tokenID) else { return forAll }
            let own = actions(of: account, visibility, on: repository)
            return forAll.union(scopes.map { own.intersection($0.actions(on: repository)) } ?? own)
        }
    }

    /// Whether `identity` may do everything everywhere, accounts and grants included.
    package func isAdministrator(_ identity: Identity) -> Bool {
        if isOpen { return true }
        guard case .account(let name, let scopes, let tokenID) = identity, scopes == nil else { return false }
        return activeAccount(name, tokenID)?.isAdministrator ?? false
    }

    /// Whether `identity` may read every repository that there is or will be, as who is told of all of them should.
    package func mayReadAll(as identity: Identity) -> Bool {
        if isOpen || isAdministrator(identity) { return true }
        let readsAll = { (scopes: [Scope]) in
            scopes.contains { $0.pattern == .all && $0.actions.allowed.contains(.pull) }
        }
        guard case .account(let name, let bounds, let tokenID) = identity,
            let account = activeAccount(name, tokenID), bounds.map(readsAll) ?? true
        else { return false }
        if account.isAdministrator { return true }
        let subjects: [GrantSubject] = [.everyone, .signedIn, .account(name)] + account.groups.map { .group($0) }
        return subjects.contains { readsAll(grants[$0] ?? []) }
    }

    /// Whether `identity`'s first push to `repository` may make it.
    package func mayCreate(_ repository: RepositoryName, as identity: Identity) -> Bool {
        let actions = actions(of: identity, on: repository)
        return switch rule(for: repository, \.creation) ?? .pushers {
        case .pushers: actions.contains(.push)
        case .administrators: actions.contains(.administer)
        }
    }

    package func visibility(of repository: RepositoryName) -> Visibility {
        rule(for: repository, \.visibility) ?? .private
    }

    /// Patterns of the repository's tags that can't be moved.
    package func immutableTags(of repository: RepositoryName) -> [GlobPattern] {
        (rule(for: repository, \.immutableTags) ?? []).map { GlobPattern($0) }
    }

    /// The same caller without the bounds of a token that was made for one purpose: what is left are those of the access
    /// token that it was made from.
    package func widest(_ identity: Identity) -> Identity {
        switch identity {
        case .account(let name, _?, let tokenID):
            .account(name, scopes: tokenID.flatMap { tokensByID[$0]?.scopes }, tokenID: tokenID)
        case .federated(let caller): .federated(caller.limited(to: nil))
        case .anonymous, .account: identity
        }
    }

    /// Whether what `identity` proves itself by still counts: its account may act, its access token is there.
    package func recognizes(_ identity: Identity) -> Bool {
        guard case .account(let name, _, let tokenID) = identity else { return true }
        return activeAccount(name, tokenID) != nil
    }

    private func rule<Value>(
        for repository: RepositoryName,
        _ value: (RepositoryRule) -> Value?
    ) -> Value? {
        for rule in rules {
            if let value = value(rule), rule.pattern.matches(repository) { return value }
        }
        return nil
    }

    /// The account, while it may act and the token that it came by holds.
    private func activeAccount(_ name: AccountName, _ tokenID: String?) -> Account? {
        guard let account = accounts[name], account.isEnabled else { return nil }
        if let tokenID, tokensByID[tokenID] == nil { return nil }
        return account
    }

    private func actions(of account: Account, _ visibility: Visibility, on repository: RepositoryName) -> Actions {
        if account.isAdministrator { return .all }
        let actions = granted(to: .account(account.name), on: repository)
        return actions.union(ofSignedIn(in: account.groups, visibility, on: repository))
    }

    private func actions(
        of caller: FederatedCaller,
        _ visibility: Visibility,
        on repository: RepositoryName
    ) -> Actions {
        let actions = caller.scopes.actions(on: repository)
        return actions.union(ofSignedIn(in: caller.groups, visibility, on: repository))
    }

    /// What those in `groups` may because they are known and in these, whoever they are.
    private func ofSignedIn(
        in groups: some Sequence<GroupName>,
        _ visibility: Visibility,
        on repository: RepositoryName
    ) -> Actions {
        var actions = granted(to: .signedIn, on: repository)
        for group in groups { actions.formUnion(granted(to: .group(group), on: repository)) }
        if visibility == .internal { actions.formUnion(.pull) }
        return actions
    }

    private func granted(to subject: GrantSubject, on repository: RepositoryName) -> Actions {
        grants[subject]?.actions(on: repository) ?? []
    }
}
