import Access
import ImageSpec

/// What our own tokens say of who holds them, as claims.
///
/// The usual ones are docker's. The claim `berth` is ours: what kind of caller it is; of an account, the access token by
/// which they came, whose end is the token's end, and, where the list of repositories was asked for, what bounds that list;
/// of somebody whom others vouch for, what they may do by themselves and the groups whose grants they have besides.
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
        case .federated(let caller):
            members["scopes"] = Self.list(caller.scopes)
            members["groups"] = .array(caller.groups.map { .string($0.rawValue) })
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
        switch kind {
        case .anonymous:
            return (.anonymous, allowsCatalog ? .anonymous : nil)
        case .account:
            guard let name = try? AccountName(subject) else { throw .malformed(reason: "its 'sub' is no account") }
            let tokenID = own["token"]?.string
            let limit = try Self.scopes(own["limit"], in: "limit")
            return (
                .account(name, scopes: scopes, tokenID: tokenID),
                allowsCatalog ? .account(name, scopes: limit, tokenID: tokenID) : nil
            )
        case .federated:
            let groups = try Self.texts(own["groups"], in: "groups") { try? GroupName($0) } ?? []
            let caller = FederatedCaller(
                name: subject,
                scopes: try Self.scopes(own["scopes"], in: "scopes") ?? [],
                groups: groups
            )
            return (.federated(caller.limited(to: scopes)), allowsCatalog ? .federated(caller) : nil)
        }
    }

    private static func scopes(_ value: JSONValue?, in claim: String) throws(TokenError) -> [Scope]? {
        try texts(value, in: claim) { try? Scope($0) }
    }

    /// What can't be read allows nothing.
    private static func texts<Value>(
        _ value: JSONValue?,
        in claim: String,
        _ read: (String) -> Value?
    ) throws(TokenError) -> [Value]? {
        guard let value else { return nil }
        guard case .array(let texts) = value else { throw .malformed(reason: "its '\(claim)' is no list") }
        return texts.compactMap { $0.string.flatMap(read) }
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
