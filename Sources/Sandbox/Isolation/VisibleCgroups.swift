/// A hierarchy of cgroups that the host has, as a container sees it.
struct VisibleCgroups: Equatable {
    /// Its folder's name in /sys/fs/cgroup; empty for /sys/fs/cgroup itself.
    let name: String
    let type: String
    /// What mount(8) is to be told.
    let options: String

    /// Those that this process is in.
    static func all() -> [VisibleCgroups] {
        KernelFile("/proc/self/cgroup").text.map(all) ?? []
    }

    /// - Parameter text: the lines of a /proc/PID/cgroup: `number:controllers:path`.
    static func all(in text: String) -> [VisibleCgroups] {
        let lists = text.split(separator: "\n").compactMap { line -> String? in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            return fields.count == 3 ? String(fields[1]) : nil
        }
        // The unified one has no controllers in its line; alone, it is all there is.
        if lists == [""] { return [VisibleCgroups(name: "", type: "cgroup2", options: "")] }
        return lists.map { list in
            if list.isEmpty { return VisibleCgroups(name: "unified", type: "cgroup2", options: "") }
            guard list.hasPrefix("name=") else {
                return VisibleCgroups(name: list, type: "cgroup", options: list)
            }
            return VisibleCgroups(name: String(list.dropFirst(5)), type: "cgroup", options: "none,\(list)")
        }
    }
}
