import Glibc
import SystemPackage

/// Which container has which name: a symbolic link each, whose target is the container's folder.
///
/// Processes take turns by a lock on the folder. A link that leads nowhere is what a crash left: its name is free.
struct ContainerNames: Sendable {
    let folder: FilePath

    init(folder: FilePath) throws {
        self.folder = folder
        try makeFolders(folder, mode: 0o711)
    }

    /// Gives `name` to the container `identifier`, whose folder is there already.
    ///
    /// - Throws: ``SandboxError/containerNameInUse(_:containerID:)``.
    func claim(_ name: ContainerName, for identifier: ContainerIdentifier) throws {
        try withLock {
            let link = folder.appending(name.rawValue)
            if let owner = owner(of: link) {
                guard access(link.string, F_OK) != 0 else {
                    throw SandboxError.containerNameInUse(name.rawValue, containerID: String(owner.prefix(12)))
                }
                _ = unlink(link.string)
            }
            guard symlink("../\(identifier)", link.string) == 0 else {
                throw SandboxError.system(operation: "make", path: link, .current)
            }
            try synchronizeFolder(folder)
        }
    }

    /// Frees `name`, if the container `identifier` has it.
    func release(_ name: ContainerName, of identifier: ContainerIdentifier) throws {
        try withLock {
            let link = folder.appending(name.rawValue)
            guard owner(of: link) == identifier.rawValue else { return }
            guard unlink(link.string) == 0 || errno == ENOENT else {
                throw SandboxError.system(operation: "remove", path: link, .current)
            }
        }
    }

    /// The container that has `name`, if any.
    func owner(of name: ContainerName) -> ContainerIdentifier? {
        owner(of: folder.appending(name.rawValue)).flatMap { ContainerIdentifier(rawValue: $0) }
    }

    /// The container of the store at `root` that has `name`, if any.
    static func owner(of name: ContainerName, root: FilePath) -> ContainerIdentifier? {
        let folder = root.appending("containers").appending(ContainerStore.namesFolder)
        return owner(of: folder.appending(name.rawValue)).flatMap { ContainerIdentifier(rawValue: $0) }
    }

    private func owner(of link: FilePath) -> String? { Self.owner(of: link) }

    private static func owner(of link: FilePath) -> String? {
        var target = [CChar](repeating: 0, count: 256)
        let length = readlink(link.string, &target, target.count - 1)
        guard length > 0 else { return nil }
        return FilePath(platformString: target).lastComponent?.string
    }

    private func withLock(_ body: () throws -> Void) throws {
        try withExclusiveLock(on: folder, body)
    }
}
