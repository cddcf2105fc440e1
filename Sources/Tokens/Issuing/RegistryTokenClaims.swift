import Access
import ImageSpec

/// What our own tokens say of who holds them, as claims.
///
/// The usual ones are docker's. The claim `berth` is ours: what kind of caller it is, the access token by which they came,
/// whose end is the token's end, and, where the list of repositories was asked for, what bounds that list.
///
/// - SeeAlso: distribution's "Token Authentication Implementation".
struct RegistryTokenClaims {
    private enum Kind: String {
        case anonymous
        case account
        case federated
    }

    let identity: Identity
    /// What the token allows.
    let scopes: [(repository: RepositoryName, actions: Actions)]
    let allowsCatalog: Bool

    init(identity: Identity, scopes: [(repository: RepositoryName, actions: Actions)], allowsCatalog: Bool) {
        self.identity = identity
        self.scopes = scopes
        self.allowsCatalog = allowsCatalog
    }

    var members: [String: JSONValue] {
        var access = scopes.map { repository, actions in
            JSONValue.object([
                "type": .string("repository"), "name": .string(repository.rawValue),
                "actions": .array(actions.description.split(separator: ",").map { .string(String($0)) }),
            ])
        }
        if allowsCatalog {
            access.append(
                .object([
                    "type": .string("registry"), "name": .string("catalog"), "actions": .array([.string("*")]),
                ])
            )
        }
        return ["sub": .string(identity.name ?? ""), "access": .array(access), "berth": .object(own)]
    }

    private var own: [String: JSONValue] {
        var members: [String: JSONValue] = ["kind": .string(kind.rawValue)]
        switch identity {
        case .anonymous: break
        case .account(_, let limit, let tokenID):
            members["token"] = tokenID.map { .string($0) }
            if allowsCatalog { members["limit"] = limit.map(Self.list) }
        case .federated(_, let limit):
            if allowsCatalog { members["limit"] = Self.list(limit) }
        }
        return members
    }

    private var kind: Kind {
        switch identity {
        case .anonymous: .anonymous
        case .account: .account
        case .federated: .federated
        }
    }

    private static func list(_ scopes: [Scope]) -> JSONValue { .array(scopes.map { .string($0.description) }) }
}

extension RegistryTokenClaims {
    /// Reads a verified token of ours.
    ///
    /// - Throws: ``TokenError/missingClaim(_:)``, ``TokenError/malformed(reason:)``.
    static func callers(
        of claims: TokenClaims
    ) throws(TokenError) -> (identity: Identity, catalogIdentity: Identity?) {
        guard let subject = claims.subject else { throw .missingClaim("sub") }
        guard case .array(let access)? = claims.values["access"] else { throw .missingClaim("access") }
        guard let own = claims.values["berth"], let kind = own["kind"]?.string.flatMap(Kind.init(rawValue:)) else {
            throw .missingClaim("berth")
        }
        let scopes = access.compactMap { Self.scope($0) }
        let allowsCatalog = access.contains { $0["type"] == .string("registry") && $0["name"] == .string("catalog") }
        let limit = try Self.limit(own["limit"])
        switch kind {
        case .anonymous:
            return (.anonymous, allowsCatalog ? .anonymous : nil)
        case .account:
            guard let name = try? AccountName(subject) else { throw .malformed(reason: "its 'sub' is no account") }
            let tokenID = own["token"]?.string
            return (
                .account(name, scopes: scopes, tokenID: tokenID),
                allowsCatalog ? .account(name, scopes: limit, tokenID: tokenID) : nil
            )
        case .federated:
            return (
                .federated(name: subject, scopes: scopes),
                allowsCatalog ? .federated(name: subject, scopes: limit ?? []) : nil
            )
        }
    }

    private static func limit(_ value: JSONValue?) throws(TokenError) -> [Scope]? {
        guard let value else { return nil }
        guard case .array(let texts) = value else { throw .malformed(reason: "its 'limit' is no list") }
        // What can't be read allows nothing.
        return texts.compactMap { text in text.string.flatMap { try? Scope($0) } }
    }

    /// What an entry of `access` allows; nil for what is no repository. Actions that aren't known here allow nothing.
    static func scope(_ entry: JSONValue) -> Scope? {
        guard entry["type"]?.string == "repository", let name = entry["name"]?.string,
            let repository = try? RepositoryName(name), case .array(let words)? = entry["actions"]
        else { return nil }
        let actions = words.compactMap(\.string).reduce(into: Actions()) { actions, word in
            actions.formUnion((try? Actions(word)) ?? [])
        }
        return Scope(RepositoryPattern(repository), actions)
    }
}
