/// Whom a container's process runs as, before it is known what the image's account files say of it.
package struct UserSpecification: Sendable, Hashable {
    /// A name or a number; empty for root.
    package let user: String
    /// A name or a number; nil for the user's own group.
    package let group: String?

    /// Parses `user`, `uid`, `user:group`, `uid:gid` and their mixtures; empty for root.
    package init(_ string: String) {
        let parts = string.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        user = parts.first.map(String.init) ?? ""
        group = parts.count == 2 && !parts[1].isEmpty ? String(parts[1]) : nil
    }
}

extension UserSpecification: CustomStringConvertible {
    package var description: String { group.map { "\(user):\($0)" } ?? user }
}

extension UserSpecification: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension UserSpecification {
    /// Finds the numbers, the groups and the home folder in the image's own account files.
    ///
    /// A number needs no entry: it is itself, in group 0, at home in `/`. Groups that list the user's name count
    /// unless a group was given, as in docker.
    ///
    /// - Throws: ``SandboxError/unknownUser(_:)``, ``SandboxError/unknownGroup(_:)``.
    ///
    /// - Parameter added: groups beside those, by name or number.
    func resolved(
        passwd: AccountFile,
        group groupFile: AccountFile,
        adding added: [String] = []
    ) throws(SandboxError) -> ProcessIdentity {
        let wanted = user.isEmpty ? "0" : user
        var identity = ProcessIdentity(user: 0, group: 0, supplementaryGroups: [], home: "/")
        var name: Substring?
        if let entry = passwd.users.first(where: { $0.isNamed(wanted) }) {
            (identity.user, identity.group) = (entry.user, entry.group)
            if !entry.home.isEmpty { identity.home = String(entry.home) }
            name = entry.name
        } else if let number = AccountFile.number(wanted[...]) {
            identity.user = number
        } else {
            throw .unknownUser(wanted)
        }

        if let group {
            identity.group = try groupFile.number(ofGroup: group)
        } else if let name {
            identity.supplementaryGroups = groupFile.groups.filter { $0.members.contains(name) }.map(\.group)
        }
        for name in added {
            let number = try groupFile.number(ofGroup: name)
            if !identity.supplementaryGroups.contains(number) { identity.supplementaryGroups.append(number) }
        }
        // One for the primary group, which is among them.
        guard identity.supplementaryGroups.count < ProcessIdentity.maximumGroups else {
            throw .tooManyGroups(user: wanted)
        }
        return identity
    }
}
