import Glibc
import SystemPackage

extension VolumeStore {
    /// Removes a volume that no container uses.
    ///
    /// - Parameter users: the containers that use it; asked while none can begin to.
    /// - Throws: ``SandboxError/noSuchVolume(_:)``, ``SandboxError/volumeInUse(_:containers:)``.
    package func remove(_ name: VolumeName, users: (VolumeName) throws -> [ContainerIdentifier]) throws {
        let taken = try withLock {
            let home = folder.appending(name.rawValue)
            guard access(home.string, F_OK) == 0 else { throw SandboxError.noSuchVolume(name.rawValue) }
            let users = try users(name)
            guard users.isEmpty else {
                throw SandboxError.volumeInUse(name.rawValue, containers: users.map(\.rawValue))
            }
            return try takeOut(home)
        }
        try removeTree(taken.path)
        taken.hold?.release()
    }

    /// Removes what killed processes left half made or half removed; the store's lock must be held.
    func removeLitter() throws {
        for name in try names(in: folder) where name.hasPrefix(".") {
            let path = folder.appending(name)
            // Whoever removes one just now holds it.
            guard let hold = try? HiddenFolder.hold(path) else { continue }
            try removeTree(path)
            hold.release()
        }
    }

    /// Takes a volume's folder out of its place, so that removing it may take its time without the lock.
    private func takeOut(_ home: FilePath) throws -> (path: FilePath, hold: HiddenFolder?) {
        let hold = try HiddenFolder.hold(home)
        let path = folder.appending(".old-\(ContainerIdentifier().short)")
        guard rename(home.string, path.string) == 0 else {
            throw SandboxError.system(operation: "remove", path: home, .current)
        }
        return (path, hold)
    }
}
