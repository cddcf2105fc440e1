import FoundationEssentials

/// An HTTP proxy that leads to servers by `CONNECT`, those in plain HTTP, too.
package struct HTTPProxy: Sendable, Equatable {
    package let host: String
    package let port: Int

    /// - Parameter address: as `http://host:port`, with no user: a secret has no place in an address.
    /// - Returns: nil for a text of another form.
    package init?(_ address: String) {
        guard
            let url = URL(string: address), url.scheme == "http", let host = url.host(), !host.isEmpty,
            url.user() == nil, ["", "/"].contains(url.path()), url.query() == nil
        else { return nil }
        self.host = host
        port = url.port ?? 80
    }
}
