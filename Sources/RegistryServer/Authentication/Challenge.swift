import Access
import HTTPTypes
import Registry

/// What a client is told that should prove who its user is.
///
/// - SeeAlso: RFC 9110, section 11.6.1; Docker's "Token Authentication Specification".
struct Challenge {
    let authentication: Authentication
    /// By what name the client knows this server.
    let externalBase: String

    /// The `WWW-Authenticate` field.
    ///
    /// - Parameters:
    ///   - scopes: as the token protocol writes them; empty where a login alone is asked for.
    ///   - error: what is wrong with the token that came, if one did.
    func field(scopes: [String], error: String? = nil) -> String {
        switch authentication.scheme {
        case .basic:
            return Self.basic()
        case .token:
            let external = authentication.tokens?.authority.externalRealm
            var parts = [
                ("realm", external?.realm ?? externalBase + TokenRoutes.tokenPath),
                ("service", external?.service ?? authentication.tokens?.service ?? "berth"),
            ]
            if !scopes.isEmpty { parts.append(("scope", scopes.joined(separator: " "))) }
            if let error { parts.append(("error", error)) }
            return "Bearer " + parts.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        }
    }

    /// Asks for a user and password.
    ///
    /// - SeeAlso: RFC 7617, section 2.1.
    static func basic(realm: String = "berth") -> String { "Basic realm=\"\(realm)\", charset=\"UTF-8\"" }

    /// As the token protocol writes what is wanted of one repository: who pushes also looks what is there.
    static func scope(_ actions: Actions, on repository: String) -> String {
        let wanted = actions.contains(.push) ? actions.union(.pull) : actions
        return "repository:\(repository):\(wanted)"
    }
}
