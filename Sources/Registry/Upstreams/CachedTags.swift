import ImageSpec
import Storage
import Synchronization

/// When tags of cached repositories were asked for, and what is known not to exist, in memory.
///
/// What is asked for by many at once is asked for once.
final class CachedTags: Sendable {
    enum Outcome: Sendable {
        case manifest(StoredManifest)
        case missing
    }

    private struct Name: Hashable {
        let repository: RepositoryName
        let reference: ManifestReference
    }

    private struct State {
        var checks: [Name: CachedTag] = [:]
        var missing: [Name: ContinuousClock.Instant] = [:]
        var failures: [Name: Failure] = [:]
    }

    private struct Failure {
        let until: ContinuousClock.Instant
        let reason: String
    }

    /// How long an upstream that could not be asked for a tag isn't asked for it again.
    private static let failurePause = Duration.seconds(10)

    /// How many of each are remembered at most; when there are more, all are forgotten, and read or asked for again.
    private static let maximumCount = 100_000

    private let state = Mutex(State())
    private let work = SharedWork<Name, Outcome>()

    /// What is known of the tag; nil when it was never asked for.
    func check(
        of tag: Tag,
        in repository: RepositoryName,
        orRead read: () async throws -> CachedTag?
    ) async throws -> CachedTag? {
        let name = Name(repository: repository, reference: .tag(tag))
        if let known = state.withLock({ $0.checks[name] }) { return known }
        guard let found = try await read() else { return nil }
        return state.withLock { state in
            // One that was noted meanwhile is newer.
            if let newer = state.checks[name] { return newer }
            if state.checks.count >= Self.maximumCount { state.checks.removeAll() }
            state.checks[name] = found
            return found
        }
    }

    func note(_ check: CachedTag, of tag: Tag, in repository: RepositoryName) {
        let name = Name(repository: repository, reference: .tag(tag))
        state.withLock { state in
            if state.checks.count >= Self.maximumCount { state.checks.removeAll() }
            state.checks[name] = check
            state.missing[name] = nil
        }
    }

    func forget(_ tag: Tag, in repository: RepositoryName) {
        state.withLock { $0.checks[Name(repository: repository, reference: .tag(tag))] = nil }
    }

    /// Whether an upstream has said lately that there is no such manifest.
    func isKnownToMiss(_ reference: ManifestReference, in repository: RepositoryName) -> Bool {
        let name = Name(repository: repository, reference: reference)
        return state.withLock { state in
            guard let until = state.missing[name] else { return false }
            if until > .now { return true }
            state.missing[name] = nil
            return false
        }
    }

    func noteMissing(_ reference: ManifestReference, in repository: RepositoryName, for time: Duration) {
        guard time > .zero else { return }
        let name = Name(repository: repository, reference: reference)
        state.withLock { state in
            if state.missing.count >= Self.maximumCount { state.missing.removeAll() }
            state.missing[name] = .now + time
        }
    }

    /// Why the upstream could not be asked for the tag a moment ago; nil when it may be asked.
    func failure(of tag: Tag, in repository: RepositoryName) -> String? {
        let name = Name(repository: repository, reference: .tag(tag))
        return state.withLock { state in
            guard let failure = state.failures[name] else { return nil }
            if failure.until > .now { return failure.reason }
            state.failures[name] = nil
            return nil
        }
    }

    func noteFailure(_ reason: String, of tag: Tag, in repository: RepositoryName) {
        let name = Name(repository: repository, reference: .tag(tag))
        state.withLock { state in
            if state.failures.count >= Self.maximumCount { state.failures.removeAll() }
            state.failures[name] = Failure(until: .now + Self.failurePause, reason: reason)
        }
    }

    /// What asking for the tag comes to: `ask` is run once for all who want to know.
    ///
    /// - Returns: nil when it takes longer than `time`.
    func value(
        of tag: Tag,
        in repository: RepositoryName,
        within time: Duration? = nil,
        _ ask: @escaping @Sendable () async throws -> Outcome
    ) async throws -> Outcome? {
        try await work.value(for: Name(repository: repository, reference: .tag(tag)), within: time, ask)
    }

    func end() async {
        await work.end()
    }
}
