/// A namespace that a container has for itself, unless it is wished to have the host's.
///
/// That of processes is none of them: with it the kernel ends all of a container's processes, whatever its monitor comes
/// to.
///
/// - SeeAlso: namespaces(7).
package enum HostNamespace: String, Sendable, Codable {
    /// System V's and POSIX's shared memory, semaphores and message queues.
    case memory = "ipc"
    /// The host's name.
    case names = "uts"
}
