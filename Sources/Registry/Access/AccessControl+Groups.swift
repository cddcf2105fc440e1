import Access

extension AccessControl {
    /// The groups, each with its members in their order.
    package var groups: [GroupName: [AccountName]] {
        var groups: [GroupName: [AccountName]] = [:]
        for account in policy.accounts.values.sorted(by: { $0.name < $1.name }) {
            for group in account.groups { groups[group, default: []].append(account.name) }
        }
        return groups
    }

    /// Puts somebody in a group, which comes to be with its first member.
    package func addMember(_ name: AccountName, to group: GroupName) async throws {
        _ = try account(name)
        try await metadata.addMember(name, to: group)
        try await reload()
    }

    /// - Throws: ``AccessControlError/notMember(_:_:)``.
    package func removeMember(_ name: AccountName, from group: GroupName) async throws {
        guard try await metadata.removeMember(name, from: group) else {
            throw AccessControlError.notMember(name, group)
        }
        try await reload()
    }

    /// Ends a group, with what was granted to it.
    package func removeGroup(_ group: GroupName) async throws {
        guard try await metadata.removeGroup(group) else { throw AccessControlError.groupUnknown(group) }
        try await reload()
    }
}
