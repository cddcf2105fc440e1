/// What proves to a registry who somebody is.
package enum Credential: Sendable, Hashable {
    case password(username: String, password: String)
    /// A token that stands for the password at the registry's token service: an OAuth2 refresh token.
    case identityToken(username: String, token: String)
    /// A token that the registry itself takes, as it is.
    case registryToken(String)

    /// Whom it is for; nil when only the registry can tell.
    package var username: String? {
        switch self {
        case .password(let username, _): username
        case .identityToken(let username, _): username.isEmpty ? nil : username
        case .registryToken: nil
        }
    }
}

extension Credential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the secret: descriptions end in logs.
    package var description: String {
        switch self {
        case .password(let username, _): "the password of '\(username)'"
        case .identityToken(let username, _): username.isEmpty ? "an identity token" : "a token of '\(username)'"
        case .registryToken: "a registry's token"
        }
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
