/// Who did something, as the audit remembers them: by the name that they had then.
package struct AuditActor: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case anonymous
        case account
        /// Somebody whom another provider vouches for.
        case federated
        /// The server by itself.
        case server
        /// Somebody who named an account and could not prove to be it.
        case unproven
    }

    package let kind: Kind
    package let name: String?
    /// The access token that they came by, which is public.
    package let tokenID: String?

    package init(kind: Kind, name: String?, tokenID: String? = nil) {
        self.kind = kind
        self.name = name.map { String($0.prefix(Self.maximumNameLength)) }
        self.tokenID = tokenID
    }

    package init(_ identity: Identity) {
        switch identity {
        case .anonymous: self.init(kind: .anonymous, name: nil)
        case .account(let name, _, let tokenID): self.init(kind: .account, name: name.rawValue, tokenID: tokenID)
        case .federated(let caller): self.init(kind: .federated, name: caller.name)
        }
    }

    package static let server = AuditActor(kind: .server, name: nil)

    /// In characters: what a stranger calls themselves is kept no longer than this.
    private static let maximumNameLength = 256
}
