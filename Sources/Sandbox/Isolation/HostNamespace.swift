/// A namespace that a container has for itself, unless it is wished to have the host's.
///
/// - SeeAlso: namespaces(7).
package enum HostNamespace: String, Sendable, Codable, CaseIterable {
    /// Process numbers: the container sees all processes of the host.
    case processes = "pid"
    /// System V's and POSIX's shared memory, semaphores and message queues.
    case memory = "ipc"
    /// The host's name.
    case names = "uts"
}
