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
            var hasSweptLitter = false
            while !Task.isCancelled {
                if !hasSweptLitter { hasSweptLitter = await sweepLitter() }
                await sweepIdleUploads()
                try await Task.sleep(for: pause)
            }
        }
    }

    private var pause: Duration { max(.seconds(1), min(.seconds(600), registry.configuration.uploadTTL / 4)) }

    /// A sweep that fails is no reason to stop serving: it is tried again.
    ///
    /// - Returns: whether it came to its end.
    private func sweepLitter() async -> Bool {
        do {
            let litter = try await registry.sweepLitter(logger: logger)
            guard !litter.isEmpty else { return true }
            logger.notice(
                "swept what an interrupted process left behind",
                metadata: [
                    "blobs": "\(litter.blobs)", "uploads": "\(litter.uploads)", "sessions": "\(litter.sessions)",
                    "bytes": "\(litter.byteCount)",
                ]
            )
            return true
        } catch is CancellationError {
            return false
        } catch {
            logger.warning("could not sweep what was left behind", metadata: ["error": "\(error)"])
            return false
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
