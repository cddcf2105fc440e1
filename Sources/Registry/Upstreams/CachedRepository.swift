import Glibc
import ImageSpec
import Logging
import RegistryClient
import Storage

/// A repository that has what its upstream has: what is asked for is fetched and kept.
struct CachedRepository: Sendable {
    /// As it is called here.
    let name: RepositoryName
    /// As the upstream calls it.
    let remote: RepositoryName
    let upstream: Upstream
    let upstreams: Upstreams
    let metadata: any MetadataStore

    /// In seconds since 1970.
    static var now: Int64 { Int64(time(nil)) }

    /// What a failure to ask the upstream is told as, when nothing is here to answer with.
    func told(_ error: any Error) -> any Error {
        guard let failure = error as? UpstreamFailure else { return error }
        upstreams.counters.failures.add()
        return RegistryError.upstreamFailed(failure)
    }
}
