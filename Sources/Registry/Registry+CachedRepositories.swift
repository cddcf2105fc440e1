import ImageSpec
import Storage

extension Registry {
    /// The cached repository with this name, when the caller may read it; nil when it is none.
    ///
    /// - Parameter subject: what the caller asks for.
    /// - Throws: ``RegistryError/loginNeeded(upstream:)``, ``RegistryError/repositoryUnknown(_:)``,
    ///   ``RegistryError/upstreamFailed(_:)``.
    func cachedRepository(
        _ name: RepositoryName,
        for subject: UpstreamAuthorization.Subject,
        as caller: Caller
    ) async throws -> CachedRepository? {
        guard let upstreams, let cached = try await upstreams.cachedRepository(name) else { return nil }
        guard cached.upstream.configuration.authorization == .upstream else { return cached }
        guard let credential = caller.credential else {
            throw RegistryError.loginNeeded(upstream: cached.upstream.name)
        }
        let answer: UpstreamAuthorization.Answer
        do {
            answer = try await upstreams.authorization.answer(to: credential, for: subject, in: cached)
        } catch {
            throw cached.told(error)
        }
        switch answer {
        case .allowed: return cached
        case .refused: throw RegistryError.loginNeeded(upstream: cached.upstream.name)
        case .missing: throw RegistryError.repositoryUnknown(name)
        }
    }

    /// Whether a list may show the repository to somebody of whom nothing is known.
    func isListed(_ name: RepositoryName) async throws -> Bool {
        try await upstreams?.cachedRepository(name)?.upstream.configuration.authorization != .upstream
    }
}
