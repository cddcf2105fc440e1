import Access
import ImageSpec

extension Administration {
    /// Who the caller is, and whether they may do everything; nil for nobody, where that is anybody.
    package func whoAmI() throws -> (account: Account?, isAdministrator: Bool) {
        let policy = access.policy
        switch caller.identity {
        case .anonymous:
            guard policy.isOpen else { throw refusal }
            return (nil, true)
        case .account(let name, _, _):
            guard let account = policy.accounts[name] else { throw refusal }
            return (account, policy.isAdministrator(caller.identity))
        case .federated(let caller):
            throw AccessControlError.accountElsewhere(String(caller.name.prefix(256)))
        }
    }

    /// The accounts of a kind, in the order of their names.
    package func accounts(_ kind: Account.Kind) throws -> [Account] {
        try requireAdministrator()
        return access.policy.accounts.values.filter { $0.kind == kind }.sorted { $0.name < $1.name }
    }

    /// An account of a kind: anybody's for administrators, and one's own.
    package func account(_ name: AccountName, _ kind: Account.Kind) throws -> Account {
        if own?.name != name { try requireAdministrator() }
        guard let account = access.policy.accounts[name], account.kind == kind else {
            throw AccessControlError.accountUnknown(name)
        }
        return account
    }

    package func addPerson(
        _ name: AccountName,
        password: String?,
        isAdministrator: Bool,
        groups: Set<GroupName>
    ) async throws -> Account {
        try requireAdministrator()
        try await access.addPerson(name, password: password, isAdministrator: isAdministrator, groups: groups)
        try await record(.addAccount, name.rawValue, detail: isAdministrator ? "an administrator" : nil)
        return try access.account(name)
    }

    /// Changes what isn't nil of a person's account: for administrators, and a password also for its owner.
    package func changePerson(
        _ name: AccountName,
        password: String?,
        isEnabled: Bool?,
        isAdministrator: Bool?
    ) async throws -> Account {
        if isEnabled != nil || isAdministrator != nil || !isOwnerByPassword(name) { try requireAdministrator() }
        _ = try account(name, .person)
        // First what may be refused.
        if let isAdministrator {
            try await access.setAdministrator(isAdministrator, name)
            try await record(
                .changeAccount,
                name.rawValue,
                detail: isAdministrator ? "an administrator" : "no administrator"
            )
        }
        if let isEnabled {
            try await access.setEnabled(isEnabled, name)
            try await record(.changeAccount, name.rawValue, detail: isEnabled ? "enabled" : "disabled")
        }
        if let password {
            try await access.setPassword(password, of: name)
            try await record(.changeAccount, name.rawValue, detail: "a new password")
        }
        return try access.account(name)
    }

    package func setEnabled(_ isEnabled: Bool, robot name: AccountName) async throws -> Account {
        try requireAdministrator()
        _ = try account(name, .robot)
        try await access.setEnabled(isEnabled, name)
        try await record(.changeAccount, name.rawValue, detail: isEnabled ? "enabled" : "disabled")
        return try access.account(name)
    }

    package func removeAccount(_ name: AccountName, _ kind: Account.Kind) async throws {
        try requireAdministrator()
        _ = try account(name, kind)
        try await access.removeAccount(name)
        try await record(.removeAccount, name.rawValue)
    }

    package func isInPasswordFile(_ account: Account) -> Bool { access.isInPasswordFile(account.name) }

    /// Whether the caller has just sent the account's own password, and not a token, which may be a thief's.
    private func isOwnerByPassword(_ name: AccountName) -> Bool {
        caller.identity == .account(name) && access.policy.accounts[name]?.kind == .person
    }
}

/// Groups.
extension Administration {
    package func groups() throws -> [(name: GroupName, members: [AccountName])] {
        try requireAdministrator()
        return access.groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    package func addMember(_ name: AccountName, to group: GroupName) async throws {
        try requireAdministrator()
        try await access.addMember(name, to: group)
        try await record(.changeAccount, name.rawValue, detail: "in the group \(group)")
    }

    package func removeMember(_ name: AccountName, from group: GroupName) async throws {
        try requireAdministrator()
        try await access.removeMember(name, from: group)
        try await record(.changeAccount, name.rawValue, detail: "no more in the group \(group)")
    }

    package func removeGroup(_ group: GroupName) async throws {
        try requireAdministrator()
        try await access.removeGroup(group)
        try await record(.removeAccount, GrantSubject.group(group).description)
    }
}
