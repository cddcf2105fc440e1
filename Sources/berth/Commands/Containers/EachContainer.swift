import Sandbox
import SystemPackage

extension BerthCommand {
    /// Opens the containers of this host, put into order first where something was killed.
    func openContainers(_ location: StoreLocation) throws -> ContainerStore {
        let store = try ContainerStore(root: FilePath(location.root ?? root))
        try store.reap()
        return store
    }
}

/// Does something to each of the containers that a command names, and goes on when it fails for one.
struct EachContainer {
    let store: ContainerStore
    let names: [String]

    /// Prints, as docker does, the name that was given for each that `body` could be done to.
    ///
    /// - Throws: the last failure; those before are told of at once.
    func run(_ body: (Container) throws -> Void) throws {
        var failures: [any Error] = []
        for name in names {
            do {
                try body(store.find(name))
                Terminal.print(name)
            } catch {
                failures.append(error)
            }
        }
        guard let last = failures.popLast() else { return }
        for failure in failures { Failure(failure).report() }
        throw last
    }
}
