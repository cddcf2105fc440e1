import ImageSpec

/// A registry that a test started on this machine, over plain HTTP.
struct RunningRegistry: Sendable {
    /// 127.0.0.1 and its port.
    let host: RegistryHost
    let process: RunningCommand

    var url: String { "http://\(host)" }

    /// How docker-like tools name a repository of this registry.
    func name(_ repository: String, tag: String = "latest") -> String { "\(host)/\(repository):\(tag)" }
}
