/// Who a caller has proven to be.
package enum Identity: Sendable, Hashable {
    /// Nobody in particular.
    case anonymous
    /// An account; what it may do is looked up when it does it.
    ///
    /// - `scopes`: what the credential allows at most; nil for all that the account may.
    /// - `tokenID`: the access token that the credential is or was made from, which may be revoked meanwhile.
    case account(AccountName, scopes: [Scope]?, tokenID: String?)
    case federated(FederatedCaller)

    package static func account(_ name: AccountName) -> Identity { .account(name, scopes: nil, tokenID: nil) }

    package static func federated(name: String, scopes: [Scope]) -> Identity {
        .federated(FederatedCaller(name: name, scopes: scopes))
    }

    /// What logs and the audit call the caller; nil for nobody.
    package var name: String? {
        switch self {
        case .anonymous: nil
        case .account(let name, _, _): name.rawValue
        case .federated(let caller): caller.name
        }
    }
}
