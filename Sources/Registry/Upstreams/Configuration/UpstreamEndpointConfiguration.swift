import RegistryClient

/// A place where an upstream's content is to be had: the registry itself, a mirror of it, or another cache.
package struct UpstreamEndpointConfiguration: Sendable, Equatable {
    /// Where the registry is, such as `https://registry-1.docker.io`, with a path when names there have one before them.
    package var address: String
    /// Whether it is believed which manifest a tag stands for. Content has a digest, and needs no trust.
    package var isTrusted: Bool
    package var credentials = UpstreamCredentials.none
    package var security = EndpointSecurity()
    /// How many requests a second it is sent at most; nil for any number.
    package var requestRate: Double?
    /// How many bytes a second are fetched of it at most; nil for any number.
    package var byteRate: Int?
    /// How many of its blobs' connections are open at once at most.
    package var connections = 8
    /// The HTTP proxy that leads to it, as `http://host:port`; nil for none.
    package var proxy: String?

    package init(address: String, isTrusted: Bool = true) {
        self.address = address
        self.isTrusted = isTrusted
    }
}

/// What proves to an upstream who we are.
package enum UpstreamCredentials: Sendable, Equatable {
    /// Nothing: tokens are asked for as nobody.
    case none
    /// The file holds the password, and nothing else but white space at its end; it is read anew when it changes.
    case password(user: String, file: String)
    /// The file holds `user:password`; it is read anew when it changes.
    case file(String)
    /// A helper as docker has them: `docker-credential-<name>`.
    case helper(String)
    /// A program that prints JSON with `username`, `password` (or `token`) and, when they end, `expires_at` or
    /// `expires_in`.
    case command([String])
}
