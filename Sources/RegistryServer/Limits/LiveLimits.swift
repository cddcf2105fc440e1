import Synchronization

/// The server's limits as they are now: they can change while it runs.
package final class LiveLimits: Sendable {
    private let limits: Mutex<ServerLimits>

    package init(_ limits: ServerLimits) {
        self.limits = Mutex(limits)
    }

    package var current: ServerLimits { limits.withLock { $0 } }

    /// Those who ask from now on get `new`; a connection that is open keeps its timeouts.
    package func apply(_ new: ServerLimits) {
        limits.withLock { $0 = new }
    }
}
