import Glibc
import SystemPackage

/// A container that runs, and whose network another one joins.
struct NetworkOwner {
    let namespace: NetworkNamespace
    /// What it was given in /etc; nil where that isn't known.
    let files: NetworkFiles?

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
        files = Self.files(of: owner)
    }

    /// As they were written at its start; it may have changed its own since.
    private static func files(of owner: Container) -> NetworkFiles? {
        func text(_ name: String) -> String? {
            (try? readFile(at: owner.folder.appending("etc").appending(name), limit: 1 << 20)).flatMap { $0 }
                .map { String(decoding: $0, as: UTF8.self) }
        }
        guard let hostname = text("hostname"), let hosts = text("hosts"), let resolver = text("resolv.conf") else {
            return nil
        }
        return NetworkFiles(hostname: hostname, hosts: hosts, resolver: resolver)
    }
}
