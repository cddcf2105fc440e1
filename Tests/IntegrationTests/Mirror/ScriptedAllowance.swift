import ImageSpec
import NIOHTTP1

/// A registry that says how many pulls are left, as Docker Hub does.
enum ScriptedAllowance {
    /// Runs `body` with a registry that has `app` with any tag, but gives only its digest.
    static func use(
        before server: RegistryHost,
        remaining: Int,
        _ body: @escaping @Sendable (RegistryHost) async throws -> Void
    ) async throws {
        try await FaultProxy.use(before: server) { request in
            guard request.method == .HEAD, request.uri.contains("/manifests/") else { return .none }
            return .answer(
                .ok,
                ("RateLimit-Limit", "100;w=21600"),
                ("RateLimit-Remaining", "\(remaining);w=21600"),
                ("Docker-Content-Digest", "\(Digest.of(Array(request.uri.utf8)))")
            )
        } _: { proxy in
            try await body(proxy.host)
        }
    }
}
