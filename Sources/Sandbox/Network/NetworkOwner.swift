import Glibc
import SystemPackage

/// A container that runs, and whose network another one joins.
struct NetworkOwner {
    let namespace: NetworkNamespace
    /// What it was given in /etc at its start.
    let files: NetworkFiles

    /// - Throws: ``NetworkError/containerDoesNotRun(_:)``, ``NetworkError/sharesNoNamespace(_:)``, …
    init(_ name: String, in store: ContainerStore) throws {
        // A user namespace can't enter what belongs to another.
        guard !StartPlan.isRootless else { throw NetworkError.needsRoot("--network container:\(name)") }
        let owner = try store.find(name)
        let state = try owner.state()
        guard state.isActive, let process = state.process, try ContainerLock.isHeld(in: owner.folder) else {
            throw NetworkError.containerDoesNotRun(name)
        }
        guard owner.configuration.network.mode != .host else { throw NetworkError.sharesNoNamespace(name) }
        namespace = try NetworkNamespace(of: process)
        // The process may have ended meanwhile, and its number be another's.
        guard try owner.state() == state, try ContainerLock.isHeld(in: owner.folder) else {
            throw NetworkError.containerDoesNotRun(name)
        }
        let hostname = owner.configuration.hostname ?? Hostname(owner.id)
        files = NetworkFiles(hostname, owner.configuration.network, state.network)
    }
}
