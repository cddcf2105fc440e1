import Hummingbird

/// Refuses requests of addresses that send too many, before anything is done for them.
struct RequestLimitMiddleware: RouterMiddleware {
    let requestLimits: RequestLimits

    func handle(
        _ request: Request,
        context: RegistryRequestContext,
        next: (Request, RegistryRequestContext) async throws -> Response
    ) async throws -> Response {
        try requestLimits.admit(address: context.clientAddress)
        return try await next(request, context)
    }
}
