import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOHTTP1

/// One request to a registry, before tokens and redirects.
struct RegistryRequest: Sendable {
    var method: HTTPMethod
    var url: URL
    var headers: HTTPHeaders = [:]
    /// Makes the body; called anew each time the request is sent.
    var body: (@Sendable () -> HTTPClientRequest.Body)?
    /// What the request does with which repository, as tokens are scoped.
    var access: RepositoryAccess
    /// Of GET and HEAD only: what is sent goes to the registry, and to no place that it names.
    var followsRedirects = true
    /// How long the answer may take to begin; nil for as long as the client's are usually waited for.
    var patience: Duration?
    /// Whether the receiver must not learn who we are, even if it should be the registry.
    var isAnonymous = false
}
