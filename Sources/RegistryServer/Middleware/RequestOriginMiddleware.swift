import Hummingbird

/// Puts down whom a request is from, and has those who came by TLS come so again.
struct RequestOriginMiddleware: RouterMiddleware {
    let origins: OriginConfiguration

    func handle(
        _ request: Request,
        context: RegistryRequestContext,
        next: (Request, RegistryRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let connection = ClientConnection.current {
            context.origin = RequestOrigin(
                request.headers,
                authority: request.head.authority,
                over: connection,
                origins.proxies
            )
            context.clientCertificate = connection.certificate
            context.clientCertificateName = connection.certificate?.name(by: origins.clientCertificateName)
        }
        context.publicURL = origins.publicURL
        var response = try await next(request, context)
        if let policy = origins.strictTransportSecurity, ClientConnection.current?.isSecure == true {
            response.headers[.strictTransportSecurity] = policy
        }
        return response
    }
}
