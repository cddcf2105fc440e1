import Glibc
import SystemPackage

extension ContainerStore {
    /// Brings what killed processes left into order: containers whose monitor has died are ended, and removed where
    /// they were to be; folders half made or half removed go, and control groups of stores that were deleted.
    ///
    /// It costs a system call or two for each container, so it is done before each look at them.
    package func reap() throws {
        let names = try Sandbox.names(in: folder)
        for name in names {
            if let identifier = ContainerIdentifier(rawValue: name) {
                try? reap(identifier)
            } else if name.hasPrefix(".") {
                let path = folder.appending(name)
                guard let hold = try? HiddenFolder.hold(path) else { continue }
                try? Container.removeFolder(path)
                hold.release()
            }
        }
        ContainerCgroup.removeOrphans(except: Set(names))
    }

    private func reap(_ identifier: ContainerIdentifier) throws {
        let path = folder.appending(identifier.rawValue)
        // One that was never started has nothing to put into order.
        guard access(path.appending(ContainerState.fileName).string, F_OK) == 0 else { return }
        let before = try ContainerState(in: path)
        guard before.isActive || before.status == .removing, let lock = try ContainerLock.take(in: path) else { return }
        // Its monitor may have finished between the look and the lock.
        let state = try ContainerState(in: path)
        guard state.isActive || state.status == .removing, let container = try container(identifier) else { return }
        try container.reap(state, holding: lock)
    }
}

extension Container {
    /// The end that a killed monitor could not write down.
    private static let statusOfKilled: Int32 = 128 + SIGKILL

    /// Undoes what is left of a container whose monitor has died.
    func reap(_ state: ContainerState, holding lock: ContainerLock) throws {
        Leftovers(container: self).remove(process: state.process)
        guard state.status != .removing, !configuration.isRemovedWhenStopped else {
            return try remove(holding: lock)
        }
        var ended = state
        ended.status = .exited
        ended.process = nil
        ended.network = nil
        ended.exitStatus = Self.statusOfKilled
        ended.finished = now()
        ended.error = "its monitor was killed"
        try ended.write(into: folder, isDurable: true)
    }
}
