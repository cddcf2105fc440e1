import Hummingbird
import Logging

/// Lets all that is logged for a request carry the id that ``RequestObservationHandler`` gave it.
struct RequestIDMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: RegistryRequestContext,
        next: (Request, RegistryRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.logger[metadataKey: "hb.request.id"] = nil
        context.logger[metadataKey: "request_id"] = request.headers[.xRequestID].map { "\($0)" }
        return try await next(request, context)
    }
}
