import CSandbox
import Glibc
import SystemPackage

/// What tells whose a group is: a store that was deleted, as a whole, can't say any more which groups it had.
extension ContainerCgroup {
    /// An extended attribute of each of the group's folders: the container's folder.
    private static let attribute = "user.berth.container"

    /// In seconds: after which a group has its first process, or never gets one.
    private static let startTime = 5

    /// - Parameter folder: the container's.
    func note(owner folder: FilePath) {
        // Not fatal: a kernel before 5.7 has no such attributes there, and then the group is found by its store only.
        for group in Set(folders.values) { Self.write(folder.string, to: group) }
    }

    private static func write(_ owner: String, to group: FilePath) {
        let bytes = Array(owner.utf8)
        _ = berth_set_note(group.string, attribute, bytes, bytes.count)
    }

    private static func owner(of group: FilePath) -> FilePath? {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = berth_read_note(group.string, attribute, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let path = FilePath(String(decoding: bytes[..<count], as: UTF8.self))
        return path.isAbsolute ? path : nil
    }

    /// Removes the groups, with nobody in them, of containers whose store has been deleted.
    ///
    /// - Parameter known: the names of groups that needn't be looked at: those of containers that are there.
    static func removeOrphans(except known: Set<String>) {
        guard let hierarchy = CgroupHierarchy.current() else { return }
        // One tree that every container is in tells of all.
        guard let tree = hierarchy.unified ?? hierarchy.byController["pids"] ?? hierarchy.byController.values.first
        else {
            return
        }
        for parent in parents(in: tree) {
            let all = parent.appending(parentName)
            for name in (try? names(in: all)) ?? [] where !known.contains(name) {
                guard let identifier = ContainerIdentifier(rawValue: name), isOrphan(all.appending(name)) else {
                    continue
                }
                removeOrphan(identifier, in: hierarchy)
            }
        }
    }

    private static func isOrphan(_ group: FilePath) -> Bool {
        guard let owner = owner(of: group) else { return false }
        var status = stat()
        guard stat(owner.string, &status) != 0, errno == ENOENT, stat(group.string, &status) == 0 else { return false }
        // Whoever starts a container may see folders that this process doesn't; its group is empty for a moment.
        return status.st_mtim.tv_sec + startTime < time(nil)
    }

    /// Removes the group in each tree; the kernel refuses where somebody is in it.
    private static func removeOrphan(_ identifier: ContainerIdentifier, in hierarchy: CgroupHierarchy) {
        var trees = Array(hierarchy.byController.values)
        trees += [hierarchy.unified, hierarchy.hybrid].compactMap { $0 }
        for parent in Set(trees.flatMap(parents)) { rmdir(path(of: identifier, below: parent).string) }
    }
}
