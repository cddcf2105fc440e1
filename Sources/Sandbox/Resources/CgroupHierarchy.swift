import SystemPackage

/// Where the kernel's control groups are mounted, and which of them this process is in.
///
/// - SeeAlso: cgroups(7); Linux, Documentation/admin-guide/cgroup-v2.rst.
struct CgroupHierarchy {
    /// One mounted tree.
    struct Tree: Equatable {
        let mountPoint: FilePath
        /// The group that is the mount's root, from the tree's own root on.
        let mountRoot: String
        /// The group of this process, from the tree's own root on.
        let own: String

        /// The group of this process in the file system.
        var ownFolder: FilePath {
            let root = mountRoot.split(separator: "/")
            let components = own.split(separator: "/")
            // A group beside what is mounted can't be seen.
            guard components.starts(with: root) else { return mountPoint }
            return components.dropFirst(root.count).reduce(mountPoint) { $0.appending(String($1)) }
        }
    }

    /// The one tree of version 2, where it has the controllers.
    let unified: Tree?
    /// The trees of version 1, by their controller.
    let byController: [String: Tree]
    /// The tree of version 2 beside those.
    let hybrid: Tree?

    static func current() -> CgroupHierarchy? {
        guard let mounts = KernelFile("/proc/self/mountinfo").text, let own = KernelFile("/proc/self/cgroup").text
        else { return nil }
        return CgroupHierarchy(mounts: mounts, own: own)
    }

    /// - Parameters:
    ///   - mounts: as /proc/self/mountinfo has them.
    ///   - own: as /proc/self/cgroup has it.
    init(mounts: String, own: String) {
        var groups: [Substring: String] = [:]
        for line in own.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            for controller in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
                groups[controller] = String(parts[2])
            }
        }
        var unified: Tree?
        var byController: [String: Tree] = [:]
        for line in mounts.split(separator: "\n") {
            let halves = line.split(separator: " - ", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, case let words = halves[0].split(separator: " "), words.count > 4 else { continue }
            let fileSystem = halves[1].split(separator: " ")
            func tree(_ controller: Substring) -> Tree {
                Tree(
                    mountPoint: FilePath(unescaped(words[4])),
                    mountRoot: unescaped(words[3]),
                    own: groups[controller] ?? "/"
                )
            }
            if fileSystem.first == "cgroup2" { unified = unified ?? tree("") }
            guard fileSystem.first == "cgroup", fileSystem.count > 2 else { continue }
            for option in fileSystem[2].split(separator: ",") where groups[option] != nil {
                byController[String(option)] = byController[String(option)] ?? tree(option)
            }
        }
        self.byController = byController
        // In a hybrid of both, version 2's tree has no controllers.
        let isHybrid = byController["pids"] != nil || byController["memory"] != nil
        self.unified = isHybrid ? nil : unified
        hybrid = isHybrid ? unified : nil
    }
}

/// A path of /proc/self/mountinfo, in which the kernel writes blanks and backslashes as three octal digits.
private func unescaped(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        let digits = rest.prefix(3)
        if byte == UInt8(ascii: "\\"), digits.count == 3,
            let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
        {
            bytes.append(value)
            rest.removeFirst(3)
        } else {
            bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
