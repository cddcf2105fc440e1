import Hummingbird
import Logging
import Storage

/// Gives every answer the form that the protocol has for it: errors their JSON, all of them its headers, and those to a
/// `HEAD` no body.
struct WireMiddleware<Context: RequestContext>: RouterMiddleware {
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
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.dockerDistributionAPIVersion] = "registry/2.0"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }

    private func answer(to error: any Error, of request: Request, logger: Logger) -> Response {
        if let known = WireError(error) {
            if let failure = StorageError(error) {
                logger.error("storage failed", metadata: ["error": "\(failure)", "path": "\(request.uri.path)"])
            }
            return known.response
        }
        // Our own fault: the operator is told all of it, the client none of our insides.
        logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
        return WireError(.internalServerError, .unknown, "the registry could not do this; its log says why").response
    }
}
