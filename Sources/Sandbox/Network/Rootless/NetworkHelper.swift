import Glibc

/// A program that connects an ordinary user's container: it passes what comes from the container's network on through
/// sockets of its own.
protocol NetworkHelper: AnyObject {
    /// Whom the container asks for names where the host's own servers can't be asked from within: the helper passes on
    /// what is sent there.
    var nameServer: IPAddress? { get }

    /// Connects the network of `process`, and publishes `ports`.
    ///
    /// - Returns: those that are reached now.
    /// - Throws: ``NetworkError/helperFailed(_:_:)``.
    func connect(_ process: pid_t, ports: [PublishedPort]) throws -> [PublishedPort]

    /// Ends it; it may be called again.
    func stop()
}
