import Logging
import Registry
import ServiceLifecycle

/// Sweeps what pushes left behind: litter of the process before once, as soon as the server listens, and idle uploads
/// every now and then.
struct SweepService: Service {
    let registry: Registry
    let logger: Logger
    /// Has an element, or ends, when the server listens: sweeping must not keep the first client waiting.
    let listening: AsyncStream<Void>

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            for await _ in listening.prefix(1) {}
            await sweepLitter()
            while !Task.isCancelled {
                await sweepIdleUploads()
                try await Task.sleep(for: pause)
            }
        }
    }

    private var pause: Duration { max(.seconds(1), min(.seconds(600), registry.configuration.uploadTTL / 4)) }

    /// A sweep that fails is no reason to stop serving: the next one finds the same.
    private func sweepLitter() async {
        do {
            let litter = try await registry.sweepLitter(logger: logger)
            guard !litter.isEmpty else { return }
            logger.notice(
                "swept what an interrupted process left behind",
                metadata: [
                    "blobs": "\(litter.blobs)", "uploads": "\(litter.uploads)", "sessions": "\(litter.sessions)",
                    "bytes": "\(litter.byteCount)",
                ]
            )
        } catch is CancellationError {
        } catch {
            logger.warning("could not sweep what was left behind", metadata: ["error": "\(error)"])
        }
    }

    private func sweepIdleUploads() async {
        do {
            _ = try await registry.sweepIdleUploads(logger: logger)
        } catch is CancellationError {
        } catch {
            logger.warning("could not sweep idle uploads", metadata: ["error": "\(error)"])
        }
    }
}
