import Access
import ImageSpec

/// What namespaces may hold, and do.
///
/// Usage is counted in the transactions that change it: a change that would exceed a limit fails with ``QuotaExceeded``
/// and changes nothing, however many come at once. Repositories that hold nothing don't count, nor do caches.
package protocol QuotaMetadata: Sendable {
    /// Sets the limits of a namespace. What is held already beyond a new limit stays.
    func setQuota(_ quota: Quota) async throws

    /// - Returns: whether the namespace had limits.
    func removeQuota(of namespace: RepositoryName?) async throws -> Bool

    /// All limits, in the order of the namespaces' names, that of the whole registry first.
    func quotas() async throws -> [QuotaUse]

    /// Tells whether a blob that is going to be pushed can't have room, before its bytes come.
    ///
    /// What is let through may be refused all the same when it is added.
    ///
    /// - Parameters:
    ///   - size: in bytes; nil when it isn't known: then only what is full is told.
    ///   - digest: nil when it isn't known: the namespace may have the blob already, so only what could never be held is
    ///     told.
    /// - Throws: ``QuotaExceeded``.
    func checkRoom(for size: Int64?, of digest: Digest?, in repository: RepositoryName) async throws
}
