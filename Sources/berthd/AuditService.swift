import Logging
import Registry
import ServiceLifecycle

/// Keeps what waits to be kept of the audit, and drops what is older than is wanted.
struct AuditService: Service {
    private static let pause = Duration.milliseconds(200)
    private static let trimPause = Duration.seconds(3600)

    let audit: AuditLog
    /// How old entries may become; nil for any age.
    let retention: Duration?
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var trimmed: ContinuousClock.Instant?
            var isFailing = false
            while !Task.isCancelled {
                try await Task.sleep(for: Self.pause)
                isFailing = await !flush(isFailing: isFailing)
                guard let retention, trimmed.map({ $0.duration(to: .now) >= Self.trimPause }) ?? true else { continue }
                trimmed = .now
                await trim(retention)
            }
        }
        // In a task of its own: this one is cancelled by now, when it isn't a graceful end.
        _ = await Task { await flush(isLast: true) }.value
    }

    /// - Parameter isFailing: whether it did the last time, which has been logged.
    /// - Returns: whether it could.
    private func flush(isLast: Bool = false, isFailing: Bool = false) async -> Bool {
        do {
            try await audit.flush(isLast: isLast)
            return true
        } catch {
            if !isFailing { logger.error("the audit can't be kept", metadata: ["error": "\(error)"]) }
            return false
        }
    }

    private func trim(_ retention: Duration) async {
        do {
            let count = try await audit.trim(olderThan: retention)
            if count > 0 { logger.notice("old entries of the audit were dropped", metadata: ["entries": "\(count)"]) }
        } catch {
            logger.warning("the audit could not be trimmed", metadata: ["error": "\(error)"])
        }
    }
}
