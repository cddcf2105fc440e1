/// Where the public keys of somebody who signs tokens are to be had.
package enum KeyLocation: Sendable, Hashable {
    /// A key set over HTTPS, or from this machine.
    case url(String)
    /// A file with a key set, or with certificates and public keys in PEM.
    case file(String)
    /// Where the issuer's own description says: at its address, below `/.well-known`.
    case discovery

    /// Whether keys from `address` can be believed: it is HTTPS, or this machine.
    package static func isTrustworthy(_ address: String) -> Bool {
        if address.hasPrefix("https://") { return address.utf8.count > "https://".utf8.count }
        guard address.hasPrefix("http://") else { return false }
        let authority = address.dropFirst("http://".count).prefix { !"/?#".contains($0) }
        // What stands before an @ is no host.
        guard !authority.contains("@") else { return false }
        if authority.hasPrefix("[::1]") { return ["", ":"].contains(authority.dropFirst(5).prefix(1)) }
        let host = authority.prefix { $0 != ":" }
        return host == "localhost" || host == "127.0.0.1"
    }
}
