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
        (context.identity, context.rejection) = await authenticator.authenticate(
            request.headers,
            certificateName: context.clientCertificateName,
            from: context.clientAddress,
            forCatalog: false,
            logger: context.logger
        )
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
        switch rejection {
        case .lockedOut(let time): .lockedOut(for: time)
        case .busy: .tooManyLogins
        case .wrongCredential, nil:
            WireError(
                .unauthorized,
                .unauthorized,
                rejection == nil
                    ? "log in as somebody who administers the registry"
                    : "the user, the password or the token is not known here",
                headers: [.wwwAuthenticate: "Basic realm=\"berth\", charset=\"UTF-8\""]
            )
        }
    }
}
