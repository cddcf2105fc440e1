import HTTPTypes
import Hummingbird
import ImageSpec
import Registry

/// What operators do with caches, for who administers the registry.
struct CacheRoutes: Sendable {
    private static let root = AdministrationRoutes.root + "/cache"

    let registry: Registry
    let gate: AdministrationGate

    func add(to router: Router<RegistryRequestContext>) {
        on(.get, "/status", router) { _, _ in
            guard let status = try await registry.cacheStatus() else {
                throw WireError(
                    .notFound,
                    .unsupported,
                    "nothing is cached here: the configuration has no upstreams"
                )
            }
            return try AdministrationRoutes.json(status)
        }
        on(.get, "/images", router) { request, _ in
            let pattern = request.uri.queryParameters["match"].map { GlobPattern(String($0)) }
            return try AdministrationRoutes.json(try await registry.cachedImages(matching: pattern))
        }
        on(.post, "/warm", router) { request, context in
            let order = try await Orders.read(WarmOrder.self, from: request)
            let image = try Self.image(order.image)
            let platform = try order.platform.map { try Platform($0) } ?? .linuxAMD64
            let digest = try await registry.warm(image.0, image.1, platform: platform, logger: context.logger)
            return try AdministrationRoutes.json(Warmed(digest: "\(digest)"))
        }
        on(.post, "/evict", router) { request, context in
            let order = try await Orders.read(PatternOrder.self, from: request)
            let pattern = GlobPattern(order.pattern)
            return try AdministrationRoutes.json(try await registry.evict(matching: pattern, logger: context.logger))
        }
        addPins(to: router)
    }

    private func addPins(to router: Router<RegistryRequestContext>) {
        on(.get, "/pins", router) { _, _ in try AdministrationRoutes.json(try await registry.cachePins()) }
        on(.post, "/pins", router) { request, _ in
            try await registry.pin(try await Orders.read(PatternOrder.self, from: request).pattern)
            return try AdministrationRoutes.json(try await registry.cachePins())
        }
        on(.post, "/unpin", router) { request, _ in
            let order = try await Orders.read(PatternOrder.self, from: request)
            guard try await registry.unpin(order.pattern) else {
                throw WireError(.notFound, .unsupported, "there is no pin '\(order.pattern)'")
            }
            return try AdministrationRoutes.json(try await registry.cachePins())
        }
    }

    private func on(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ router: Router<RegistryRequestContext>,
        _ answer: @escaping @Sendable (Request, RegistryRequestContext) async throws -> Response
    ) {
        router.on(RouterPath(Self.root + path), method: method) { request, context in
            try await gate.admit(request, context) { context in
                try registry.requireAdministrator(context.caller)
                return try await answer(request, context)
            }
        }
    }

    private struct PatternOrder: AdministrationOrder {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case pattern
        }

        let pattern: String
    }

    private struct WarmOrder: AdministrationOrder {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case image
            case platform
        }

        let image: String
        let platform: String?
    }

    private struct Warmed: Encodable {
        let digest: String
    }

    /// `repository:tag` or `repository@digest`, with the repository's whole name here.
    private static func image(_ text: String) throws -> (RepositoryName, ManifestReference) {
        if let at = text.firstIndex(of: "@") {
            return (try RepositoryName(text[..<at]), .digest(try Digest(text[text.index(after: at)...])))
        }
        let colon = text.lastIndex(of: ":")
        let tag = colon.map { String(text[text.index(after: $0)...]) } ?? "latest"
        return (try RepositoryName(text[..<(colon ?? text.endIndex)]), .tag(try Tag(tag)))
    }
}
