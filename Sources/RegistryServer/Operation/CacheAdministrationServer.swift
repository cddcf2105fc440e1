import Foundation
import Hummingbird
import HummingbirdCore
import ImageSpec
import Logging
import NIOCore
import Registry
import ServiceLifecycle

/// Serves what operators do with caches, at a listener of its own: whoever reaches it may do all of it.
package struct CacheAdministrationServer: Service {
    private static let maximumBodySize = 64 << 10

    private let application: Application<RouterResponder<BasicRequestContext>>
    private let address: (host: String, port: Int)

    package init(registry: Registry, host: String, port: Int, logger: Logger) {
        address = (host, port)
        let router = Router(context: BasicRequestContext.self)
        router.get("/cache/status") { _, _ in
            guard let status = try await registry.cacheStatus() else {
                throw HTTPError(.notFound, message: "nothing is cached here: the configuration has no upstreams")
            }
            return try Self.answer(status)
        }
        router.get("/cache/images") { request, _ in
            let pattern = request.uri.queryParameters["match"].map { GlobPattern(String($0)) }
            return try await Self.told { try await registry.cachedImages(matching: pattern) }
        }
        router.post("/cache/warm") { request, context in
            let order = try await Self.order(WarmOrder.self, in: request)
            let image = try Self.image(order.image)
            let platform = try order.platform.map { try Platform($0) } ?? .linuxAMD64
            return try await Self.told {
                Warmed(
                    digest: "\(try await registry.warm(image.0, image.1, platform: platform, logger: context.logger))"
                )
            }
        }
        router.post("/cache/evict") { request, context in
            let order = try await Self.order(PatternOrder.self, in: request)
            return try await Self.told {
                try await registry.evict(matching: GlobPattern(order.pattern), logger: context.logger)
            }
        }
        router.get("/cache/pins") { _, _ in try await Self.told { try await registry.cachePins() } }
        router.post("/cache/pins") { request, _ in
            let order = try await Self.order(PatternOrder.self, in: request)
            return try await Self.told {
                try await registry.pin(order.pattern)
                return try await registry.cachePins()
            }
        }
        router.post("/cache/unpin") { request, _ in
            let order = try await Self.order(PatternOrder.self, in: request)
            guard try await registry.unpin(order.pattern) else {
                throw HTTPError(.notFound, message: "there is no pin '\(order.pattern)'")
            }
            return try await Self.told { try await registry.cachePins() }
        }
        application = Application(
            router: router,
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(3600))),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "berthd"),
            logger: logger
        )
    }

    package func run() async throws {
        let (host, port) = address
        try await ListenError.naming(host, port) { try await application.run() }
    }

    private struct PatternOrder: Decodable {
        let pattern: String
    }

    private struct WarmOrder: Decodable {
        let image: String
        let platform: String?
    }

    private struct Warmed: Encodable {
        let digest: String
    }

    private static func order<Order: Decodable>(_ type: Order.Type, in request: Request) async throws -> Order {
        // Only a program sends this type: a page in somebody's browser can't without asking.
        guard request.headers[.contentType]?.hasPrefix("application/json") == true else {
            throw HTTPError(.unsupportedMediaType, message: "the body should be of the type application/json")
        }
        let body = try await request.body.collect(upTo: maximumBodySize)
        do {
            return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
        } catch {
            throw HTTPError(.badRequest, message: "the body isn't what this endpoint takes")
        }
    }

    /// `repository:tag` or `repository@digest`, with the repository's whole name here.
    private static func image(_ text: String) throws -> (RepositoryName, ManifestReference) {
        do {
            if let at = text.firstIndex(of: "@") {
                return (try RepositoryName(text[..<at]), .digest(try Digest(text[text.index(after: at)...])))
            }
            let colon = text.lastIndex(of: ":")
            let tag = colon.map { String(text[text.index(after: $0)...]) } ?? "latest"
            return (try RepositoryName(text[..<(colon ?? text.endIndex)]), .tag(try Tag(tag)))
        } catch {
            throw HTTPError(.badRequest, message: "\(error)")
        }
    }

    private static func told<Value: Encodable>(_ work: () async throws -> Value) async throws -> Response {
        do {
            return try answer(try await work())
        } catch let error as RegistryError {
            let wire = WireError(error)
            throw HTTPError(wire.status, message: wire.message)
        }
    }

    private static func answer(_ value: some Encodable) throws -> Response {
        let body = try JSONEncoder.wire.encode(value)
        return Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}
