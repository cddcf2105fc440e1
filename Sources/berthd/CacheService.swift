import Logging
import Registry
import ServiceLifecycle

/// Goes on with downloads that broke off, and writes down from time to time which cached blobs were used.
struct CacheService: Service {
    private static let pause = Duration.seconds(10)

    let registry: Registry
    let logger: Logger
    /// Has an element, or ends, when the server listens.
    let listening: AsyncStream<Void>

    func run() async throws {
        guard registry.hasUpstreams else { return try await gracefulShutdown() }
        try? await cancelWhenGracefulShutdown {
            for await _ in listening.prefix(1) {}
            await trying("go on with downloads") { try await registry.resumeDownloads() }
            while !Task.isCancelled {
                try await Task.sleep(for: Self.pause)
                await trying("note which cached blobs were used") { try await registry.noteCacheUses() }
            }
        }
    }

    private func trying(_ what: String, _ work: () async throws -> Void) async {
        do {
            try await work()
        } catch is CancellationError {
        } catch {
            logger.warning("could not \(what)", metadata: ["error": "\(error)"])
        }
    }
}
