import Hummingbird
import Logging

/// Turns every error into the answer that the protocol has for it, and gives every answer the protocol's headers.
struct WireErrorMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = answer(to: error, of: request, logger: context.logger)
        }
        response.headers[.dockerDistributionAPIVersion] = "registry/2.0"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }

    private func answer(to error: any Error, of request: Request, logger: Logger) -> Response {
        if let known = WireError(error) { return known.response(to: request.method) }
        // Our own fault: the operator is told all of it, the client none of our insides.
        logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
        return WireError(.internalServerError, .unknown, "the registry could not do this; its log says why")
            .response(to: request.method)
    }
}
