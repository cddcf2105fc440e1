/// How the server listens and what it bears.
package struct RegistryServerConfiguration: Sendable {
    /// A host name or IP address.
    package var host: String
    /// 0 for any free port.
    package var port: Int
    package var limits = ServerLimits()
    /// The longest address that a request may have, with its query, in bytes: more is answered with 414.
    package var maximumURILength = 16 << 10
    /// How many bytes a request's headers may have in all: more is answered with 431.
    package var maximumHeaderSize = 64 << 10

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
