import Access
import Registry

/// An account, as answers write it: never its password's hash.
struct AccountView: Encodable {
    let name: String
    let administrator: Bool
    let enabled: Bool
    let groups: [String]
    /// `database` or `htpasswd`.
    let source: String
    let createdAt: String?

    enum CodingKeys: String, CodingKey {
        case name
        case administrator
        case enabled
        case groups
        case source
        case createdAt = "created_at"
    }

    init(_ account: Account, _ administration: Administration) {
        name = account.name.rawValue
        administrator = account.isAdministrator
        enabled = account.isEnabled
        groups = account.groups.map(\.rawValue).sorted()
        let isInFile = administration.isInPasswordFile(account)
        source = isInFile ? "htpasswd" : "database"
        createdAt = isInFile ? nil : AdministrationRoutes.text(ofSeconds: account.createdAt)
    }
}
