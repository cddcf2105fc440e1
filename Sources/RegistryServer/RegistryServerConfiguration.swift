/// How the server listens and what it bears.
package struct RegistryServerConfiguration: Sendable {
    /// A host name or IP address.
    package var host: String
    /// 0 for any free port.
    package var port: Int
    package var limits = ServerLimits()

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
