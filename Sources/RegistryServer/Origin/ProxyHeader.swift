/// In which fields the proxies before us say for whom a request is.
///
/// It is one or the other: a proxy that sets one of them lets the client's own through in the other.
package enum ProxyHeader: String, Sendable, CaseIterable {
    /// `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`.
    case xForwarded = "x-forwarded"
    /// `Forwarded`, RFC 7239.
    case forwarded
}
