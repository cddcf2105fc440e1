import Access
import ImageSpec

/// A token service of somebody else's, whose tokens say by themselves what they allow.
///
/// - SeeAlso: distribution's "Token Authentication Specification".
package struct ExternalTokenService: Sendable {
    package struct Configuration: Sendable, Hashable {
        package var issuer: String
        /// Whom its tokens are for.
        package var service: String
        /// Where clients are sent for a token; nil when they come with one.
        package var realm: String?
        package var keys: KeyLocation
        /// Files in PEM: whom to trust, beside those that the system trusts, when the keys are fetched.
        package var authorities: [String] = []

        package init(issuer: String, service: String, realm: String?, keys: KeyLocation) {
            self.issuer = issuer
            self.service = service
            self.realm = realm
            self.keys = keys
        }
    }

    package let configuration: Configuration

    package init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    var audiences: [String] { [configuration.service] }

    /// - Throws: ``TokenError/missingClaim(_:)``.
    func identity(of claims: TokenClaims) throws(TokenError) -> Identity {
        guard case .array(let access)? = claims.values["access"] else { throw .missingClaim("access") }
        let name = claims.subject.flatMap { $0.isEmpty ? nil : $0 } ?? "somebody"
        return .federated(
            name: FederatedName.text("\(configuration.issuer)/\(name)"),
            scopes: access.compactMap { Self.scope($0) }
        )
    }

    /// All that others mean by `*` is to push, pull and delete.
    private static func scope(_ entry: JSONValue) -> Scope? {
        guard let scope = RegistryTokenClaims.scope(entry) else { return nil }
        guard case .array(let words)? = entry["actions"], words.contains(.string("*")) else {
            return Scope(scope.pattern, scope.actions.subtracting(.administer))
        }
        return Scope(scope.pattern, [.pull, .push, .delete])
    }
}
