import CSandbox
import Glibc

/// A container that runs, and whose network another one joins.
struct NetworkOwner {
    let choice: NetworkChoice
    /// What it was given in /etc at its start.
    let files: NetworkFiles

    /// - Throws: ``NetworkError/containerDoesNotRun(_:)``, ``NetworkError/sharesNoNamespace(_:)``, …
    init(_ name: String, for container: Container) throws {
        let owner = try container.store.find(name)
        let state = try owner.state()
        guard state.isActive, let process = state.process, try ContainerLock.isHeld(in: owner.folder) else {
            throw NetworkError.containerDoesNotRun(name)
        }
        guard owner.configuration.network.mode != .host else { throw NetworkError.sharesNoNamespace(name) }
        if StartPlan.isRootless {
            // In its user namespace everybody is who they are there.
            guard owner.configuration.userMap == container.configuration.userMap else {
                throw NetworkError.otherUsers(name)
            }
            choice = .enter(try HeldProcess(process))
        } else {
            choice = .join(try NetworkNamespace(of: process))
        }
        // The process may have ended meanwhile, and its number be another's.
        guard try owner.state() == state, try ContainerLock.isHeld(in: owner.folder) else {
            throw NetworkError.containerDoesNotRun(name)
        }
        files = NetworkFiles(owner.hostname, owner.configuration.network, state.network)
    }
}
