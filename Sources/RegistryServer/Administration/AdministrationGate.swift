import HTTPTypes
import Hummingbird
import Registry

/// Lets requests to the administration's addresses through to what answers them, in the name of who sent them.
///
/// Who is nobody is asked for a password or a secret in its place: tokens by docker's protocol are for repositories.
struct AdministrationGate: Sendable {
    let authenticator: RequestAuthenticator
    let requestLimits: RequestLimits

    func admit(
        _ request: Request,
        _ context: RegistryRequestContext,
        _ answer: (RegistryRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        await authenticator.identify(&context, by: request.headers, from: context.clientAddress)
        if let name = context.identity.name { try requestLimits.admit(account: name) }
        do {
            var response = try await answer(context)
            response.headers[.cacheControl] = "no-store"
            return response
        } catch RegistryError.loginRequired {
            throw loginRequired(after: context.rejection)
        }
    }

    private func loginRequired(after rejection: AuthenticationError?) -> WireError {
        WireError(notLookedAt: rejection)
            ?? WireError(
                .unauthorized,
                .unauthorized,
                rejection == nil
                    ? "log in as somebody who administers the registry"
                    : "the user, the password or the token is not known here",
                headers: [.wwwAuthenticate: Challenge.basic()]
            )
    }
}
