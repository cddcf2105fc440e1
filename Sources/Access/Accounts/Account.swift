/// Somebody, or some program, who is known here by name.
package struct Account: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case person
        case robot
    }

    package let name: AccountName
    package var kind: Kind
    /// May do everything everywhere.
    package var isAdministrator: Bool
    /// Whether it may prove itself at all.
    package var isEnabled: Bool
    /// A crypt(5) hash; nil when it has no password.
    package var passwordHash: String?
    package var groups: Set<GroupName>
    /// Seconds since 1970.
    package var createdAt: Int64

    package init(
        name: AccountName,
        kind: Kind = .person,
        isAdministrator: Bool = false,
        isEnabled: Bool = true,
        passwordHash: String? = nil,
        groups: Set<GroupName> = [],
        createdAt: Int64
    ) {
        self.name = name
        self.kind = kind
        self.isAdministrator = isAdministrator
        self.isEnabled = isEnabled
        self.passwordHash = passwordHash
        self.groups = groups
        self.createdAt = createdAt
    }
}
