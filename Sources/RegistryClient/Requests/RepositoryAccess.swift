import ImageSpec

/// What a request does, and with which repository.
struct RepositoryAccess: Sendable, Hashable {
    enum Action: Sendable {
        case pull
        case push
        case delete
        /// Of the registry as a whole.
        case catalog
    }

    /// Nil for what is about the registry as a whole.
    let repository: RepositoryName?
    let action: Action
    /// A repository that a blob is to be mounted from.
    var mountSource: RepositoryName?

    /// Being there at all.
    static let registry = RepositoryAccess(repository: nil, action: .pull)

    /// The list of repositories.
    static let catalog = RepositoryAccess(repository: nil, action: .catalog)

    static func delete(_ repository: RepositoryName) -> RepositoryAccess {
        RepositoryAccess(repository: repository, action: .delete)
    }

    static func pull(_ repository: RepositoryName) -> RepositoryAccess {
        RepositoryAccess(repository: repository, action: .pull)
    }

    static func push(
        _ repository: RepositoryName,
        mountingFrom source: RepositoryName? = nil
    ) -> RepositoryAccess {
        RepositoryAccess(repository: repository, action: .push, mountSource: source)
    }
}
