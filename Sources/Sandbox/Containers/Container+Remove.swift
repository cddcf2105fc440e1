import Glibc
import SystemPackage

extension Container {
    /// Removes the container, which must not run, and frees its name.
    ///
    /// - Throws: ``SandboxError/containerIsRunning(_:)``, or that its monitor has it.
    package func remove() throws {
        guard let lock = try ContainerLock.take(in: folder) else {
            guard access(folder.string, F_OK) == 0 else { return }
            throw SandboxError.containerIsRunning(label)
        }
        try remove(holding: lock)
    }

    /// Removes what is there of the container for whoever has its lock.
    func remove(holding lock: ContainerLock) throws {
        try withExtendedLifetime(lock) {
            // A monitor that was killed while it started the container has written down nothing, but what connects it may
            // be there; only the folder says which that is.
            if StartPlan.isRootless { try? ContainerNetwork.reap(self) }
            if let name = configuration.name { try store.names.release(name, of: record.id) }
            try removeFolder()
        }
        if configuration.isRemovedWhenStopped { try removeAnonymousVolumes() }
    }

    func removeFolder() throws {
        // Under a hidden name first: half a container is not one.
        let litter = folder(hiddenBy: "old")
        guard Glibc.rename(folder.string, litter.string) == 0 else {
            if errno == ENOENT { return }
            throw SandboxError.system(operation: "remove", path: folder, .current)
        }
        let hold = try HiddenFolder.hold(litter)
        try Self.removeFolder(litter)
        hold?.release()
    }

    /// Removes a container's folder, under whatever name: what the container's own users wrote goes first, for after the
    /// record nobody knows how they were mapped.
    static func removeFolder(_ folder: FilePath) throws {
        let map = (try? ContainerRecord(in: folder))?.configuration.userMap
        for name in ["upper", "work"] {
            let written = folder.appending(name)
            if access(written.string, F_OK) == 0 { try removeTree(written, map: map) }
        }
        try removeTree(folder, map: map)
    }

    /// Gives it another name.
    ///
    /// - Throws: ``SandboxError/containerNameInUse(_:containerID:)``.
    package func rename(to name: ContainerName) throws {
        guard name != configuration.name else { return }
        try store.names.claim(name, for: id)
        var renamed = record
        renamed.configuration.name = name
        try renamed.write(into: folder, isDurable: true)
        if let former = configuration.name { try store.names.release(former, of: id) }
    }
}
