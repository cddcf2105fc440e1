import Glibc
import SystemPackage

/// The control group of one container: what its processes may use together, what they have used, and all of them at
/// one go.
///
/// It is `berth/<ID>`: below the tree's root for root, or else below the highest group that was delegated to this user.
package struct ContainerCgroup: Sendable {
    /// The folder that the groups of all containers are in.
    static let parentName = "berth"
    /// Of version 1, those that every container has a group in.
    private static let usualControllers = ["memory", "cpu", "cpuacct", "pids", "freezer", "blkio"]

    /// Its folders: of version 1 one for each controller, of version 2 the one for all, at the key `""`.
    let folders: [String: FilePath]

    var isUnified: Bool { folders[""] != nil }

    /// The folder with the files of `controller`, if the group has it.
    func folder(_ controller: String) -> FilePath? { folders[""] ?? folders[controller] }

    /// Makes the group of a container, with its limits.
    ///
    /// - Parameters:
    ///   - devices: what may be done with devices; nil for all that the sandbox lets be done.
    ///   - folder: the container's, in which it is written down where the group is.
    /// - Returns: nil where there are no control groups, or none that this user may have.
    /// - Throws: ``SandboxError/system(operation:path:_:)`` of a limit that the kernel refuses.
    static func make(
        for identifier: ContainerIdentifier,
        _ limits: ResourceLimits,
        devices: [DeviceRule]? = nil,
        in folder: FilePath
    ) throws -> ContainerCgroup? {
        guard let hierarchy = CgroupHierarchy.current() else { return nil }
        var needed = usualControllers
        if limits.processorSet != nil || limits.memoryNodes != nil { needed.append("cpuset") }
        if devices != nil { needed.append("devices") }
        let trees = hierarchy.unified.map { ["": $0] } ?? hierarchy.byController.filter { needed.contains($0.key) }
        let candidates = trees.mapValues { parents(in: $0) }
        let isLimiting = limits.withoutLegacy.isSet
        if geteuid() != 0 {
            try note(candidates.mapValues { $0.map { path(of: identifier, below: $0) } }, in: folder)
        }
        var folders: [String: FilePath] = [:]
        for (controller, parents) in candidates {
            let possible = parents.lazy.filter { !controller.isEmpty || prepareUnified($0, isLimiting: isLimiting) }
            // Where cpu and cpuacct are one tree, the second finds the group made.
            folders[controller] = possible.compactMap { makeGroup($0, identifier) }.first
        }
        guard !folders.isEmpty else { return nil }
        let group = ContainerCgroup(folders: folders)
        group.note(owner: folder)
        do {
            try group.apply(limits)
            if let devices { try group.apply(devices) }
        } catch {
            group.remove()
            throw error
        }
        return group
    }

    /// Whether this user may have groups at all.
    package static var isPossible: Bool {
        guard let hierarchy = CgroupHierarchy.current() else { return false }
        let trees = hierarchy.unified.map { [$0] } ?? Array(hierarchy.byController.values)
        return trees.contains { parents(in: $0).contains { access($0.string, W_OK) == 0 } }
    }

    /// Whether groups here are those of version 2.
    package static var isVersionTwo: Bool { CgroupHierarchy.current()?.unified != nil }

    /// The group that a container has, if any.
    ///
    /// - Parameter folder: the container's.
    static func find(of identifier: ContainerIdentifier, in folder: FilePath) -> ContainerCgroup? {
        var folders = noted(in: folder, for: identifier)
        guard folders.isEmpty, let hierarchy = CgroupHierarchy.current() else {
            return folders.isEmpty ? nil : ContainerCgroup(folders: folders)
        }
        func find(_ tree: CgroupHierarchy.Tree) -> FilePath? {
            parents(in: tree).map { path(of: identifier, below: $0) }
                .first { access($0.string, F_OK) == 0 }
        }
        if let unified = hierarchy.unified {
            folders[""] = find(unified)
        } else {
            for controller in usualControllers + ["cpuset", "devices"] {
                folders[controller] = hierarchy.byController[controller].flatMap(find)
            }
        }
        return folders.isEmpty ? nil : ContainerCgroup(folders: folders)
    }

    /// The group in every tree of root's there is, for a runtime makes it in more of them than a container needs.
    static func everywhere(of identifier: ContainerIdentifier) -> ContainerCgroup? {
        guard let hierarchy = CgroupHierarchy.current() else { return nil }
        var trees = hierarchy.byController
        trees[""] = hierarchy.unified
        trees["unified"] = hierarchy.hybrid
        let folders = trees.mapValues { $0.mountPoint.appending(parentName).appending(identifier.rawValue) }
            .filter { access($0.value.string, F_OK) == 0 }
        return folders.isEmpty ? nil : ContainerCgroup(folders: folders)
    }

    /// Moves a process into the group; those that it makes from then on are in it, too.
    func admit(_ process: pid_t) throws {
        for folder in Set(folders.values) { try KernelFile(folder.appending("cgroup.procs")).write("\(process)") }
    }

    // MARK: Where it is

    /// The group of a container of root's, from each tree's mount point on.
    static func path(of identifier: ContainerIdentifier) -> String { "/\(parentName)/\(identifier)" }

    static func path(of identifier: ContainerIdentifier, below parent: FilePath) -> FilePath {
        parent.appending(parentName).appending(identifier.rawValue)
    }

    /// Where the group of all containers may be, the best first.
    static func parents(in tree: CgroupHierarchy.Tree) -> [FilePath] {
        guard geteuid() != 0 else { return [tree.mountPoint, tree.ownFolder] }
        // A user needs the right to move a process out of the group that it is in: into one with a common ancestor
        // that is the user's.
        var delegated: [FilePath] = []
        var folder = tree.ownFolder
        while folder.starts(with: tree.mountPoint), access(folder.appending("cgroup.procs").string, W_OK) == 0 {
            delegated.append(folder)
            guard folder != tree.mountPoint else { break }
            folder = folder.removingLastComponent()
        }
        return delegated.reversed()
    }

    private static func makeGroup(_ parent: FilePath, _ identifier: ContainerIdentifier) -> FilePath? {
        let all = parent.appending(parentName)
        let path = path(of: identifier, below: parent)
        guard mkdir(all.string, 0o755) == 0 || errno == EEXIST, mkdir(path.string, 0o755) == 0 || errno == EEXIST else {
            return nil
        }
        return path
    }
}
