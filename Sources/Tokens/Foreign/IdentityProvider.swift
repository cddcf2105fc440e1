import Access
import ImageSpec

/// Somebody who vouches for people or jobs by OpenID Connect, and what we make of those.
package struct IdentityProvider: Sendable {
    package struct Configuration: Sendable, Hashable {
        /// As its tokens name it.
        package var issuer: String
        /// A token must be for one of these.
        package var audiences: [String]
        package var keys: KeyLocation
        /// Files in PEM: whom to trust, beside those that the system trusts, when the keys are fetched.
        package var authorities: [String] = []
        package var rules: [IdentityRule]

        package init(issuer: String, audiences: [String], keys: KeyLocation, rules: [IdentityRule]) {
            self.issuer = issuer
            self.audiences = audiences
            self.keys = keys
            self.rules = rules
        }
    }

    package let configuration: Configuration

    package init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    /// Whom verified claims stand for: the account of the first rule that holds and has one, or else somebody from outside
    /// who may do what all the rules that hold allow together.
    ///
    /// - Throws: ``TokenError/noRuleHolds(issuer:)``.
    func identity(of claims: TokenClaims, policy: AccessPolicy) throws(TokenError) -> Identity {
        let outcomes = configuration.rules.compactMap { $0.outcome(for: claims, policy: policy) }
        guard !outcomes.isEmpty else { throw .noRuleHolds(issuer: configuration.issuer) }
        for outcome in outcomes {
            guard let account = outcome.account else { continue }
            return .account(account, scopes: outcome.scopes.isEmpty ? nil : outcome.scopes, tokenID: nil)
        }
        let name = outcomes.lazy.compactMap(\.name).first ?? defaultName(claims)
        return .federated(
            FederatedCaller(
                name: FederatedName.text(name),
                scopes: outcomes.flatMap(\.scopes),
                groups: outcomes.flatMap(\.groups)
            )
        )
    }

    private func defaultName(_ claims: TokenClaims) -> String {
        let address = configuration.issuer.split(separator: "://", maxSplits: 1).last ?? ""
        return "\(address.prefix { $0 != "/" })/\(claims.subject ?? "?")"
    }
}
