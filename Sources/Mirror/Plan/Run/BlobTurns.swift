import ImageSpec

/// Lets one copy of a blob at a time go to a registry, so that images with a layer in common send it once; and remembers
/// where blobs are, to be mounted from there.
actor BlobTurns {
    private var waiting: [Digest: [CheckedContinuation<Void, Never>]] = [:]
    private var homes: [Digest: RepositoryName] = [:]

    /// Waits for the turn, and gives a repository that has the blob, if one is known.
    func begin(_ digest: Digest) async -> RepositoryName? {
        if waiting[digest] == nil {
            waiting[digest] = []
        } else {
            await withCheckedContinuation { waiting[digest, default: []].append($0) }
        }
        return homes[digest]
    }

    /// - Parameter repository: has the blob now; nil when it isn't known to.
    func end(_ digest: Digest, in repository: RepositoryName?) {
        if let repository { homes[digest] = repository }
        guard var others = waiting[digest], !others.isEmpty else {
            waiting[digest] = nil
            return
        }
        let next = others.removeFirst()
        waiting[digest] = others
        next.resume()
    }
}
