/// Whom a grant is for.
package enum GrantSubject: Sendable, Hashable {
    case account(AccountName)
    case group(GroupName)
    /// Everybody who has proven to be somebody.
    case signedIn
    /// Everybody.
    case everyone

    /// Reads `user:NAME`, `group:NAME`, `signed-in` or `everyone`; a name alone is a user's.
    ///
    /// - Throws: ``AccessError/invalidSubject(_:)``, ``AccessError/invalidName(_:)``.
    package init(_ text: String) throws(AccessError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        switch (parts.count, parts.first) {
        case (1, "signed-in"): self = .signedIn
        case (1, "everyone"): self = .everyone
        case (1, _): self = .account(try AccountName(text))
        case (2, "user"): self = .account(try AccountName(parts[1]))
        case (2, "group"): self = .group(try GroupName(parts[1]))
        default: throw .invalidSubject(String(text.prefix(200)))
        }
    }
}

extension GrantSubject: CustomStringConvertible {
    /// As it is read, and as it is stored.
    package var description: String {
        switch self {
        case .account(let name): "user:\(name)"
        case .group(let name): "group:\(name)"
        case .signedIn: "signed-in"
        case .everyone: "everyone"
        }
    }
}
