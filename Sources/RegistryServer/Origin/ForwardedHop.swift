/// What one proxy says of the request that it got.
struct ForwardedHop: Equatable {
    /// Who it came from: an IP address; nil where the proxy doesn't tell.
    var address: String?
    /// `http` or `https`.
    var scheme: String?
    /// With the port, where there was one.
    var host: String?
}
