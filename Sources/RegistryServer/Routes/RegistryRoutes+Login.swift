import Access
import HTTPTypes
import Hummingbird
import ImageSpec
import Registry

extension RegistryRoutes {
    /// The answer to somebody who hasn't proven to be one of those who may.
    func loginRequired(
        _ scope: Scope?,
        _ named: RegistryPath,
        _ request: Request,
        _ context: RegistryRequestContext
    ) -> WireError {
        if let answer = WireError(notLookedAt: context.rejection) { return answer }
        var scopes: [String] = []
        if let scope {
            scopes.append(Challenge.scope(scope.actions, on: named.repository?.rawValue ?? scope.pattern.text))
        }
        // Who mounts also reads elsewhere: one token is for both.
        if case .uploads = named, let source = request.uri.queryParameters["from"],
            let source = try? RepositoryName(source)
        {
            scopes.append(Challenge.scope(.pull, on: source.rawValue))
        }
        let error =
            if context.rejection != nil { "invalid_token" } else if context.identity != .anonymous {
                "insufficient_scope"
            } else { String?.none }
        let challenge = Challenge(authentication: authentication, externalBase: context.externalBase)
        var answer =
            scope.map { WireError(RegistryError.loginRequired($0)) }
            ?? WireError(.unauthorized, .unauthorized, "log in, or ask for what is there for everybody")
        if context.rejection != nil { answer.message = "the user, the password or the token is not known here" }
        answer.headers[.wwwAuthenticate] = challenge.field(scopes: scopes, error: error)
        return answer
    }
}
