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
}

/// What a request does with a repository.
struct RepositoryAccess: Sendable, Hashable {
    enum Action: Sendable {
        case pull
        case push
    }

    let repository: RepositoryName
    let action: Action

    static func pull(_ repository: RepositoryName) -> RepositoryAccess {
        RepositoryAccess(repository: repository, action: .pull)
    }

    static func push(_ repository: RepositoryName) -> RepositoryAccess {
        RepositoryAccess(repository: repository, action: .push)
    }
}
