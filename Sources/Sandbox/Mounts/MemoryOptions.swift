/// What a tmpfs is like.
package struct MemoryOptions: Sendable, Equatable, Codable {
    /// The kernel's own: `size`, `mode`, `uid`, `gid`, `nr_inodes`, `nr_blocks`.
    package private(set) var settings: [String: String] = ["mode": "1777"]
    package private(set) var allowsExecution = false
    package private(set) var allowsSetID = false
    package private(set) var isReadOnly = false

    private static let names: Set<String> = ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks"]

    package init() {}

    /// Sets one of mount(8)'s options; false where it isn't one that a tmpfs of a container's may have.
    mutating func set(_ option: Substring) -> Bool {
        switch option {
        case "exec": allowsExecution = true
        case "noexec": allowsExecution = false
        case "suid": allowsSetID = true
        case "nosuid": allowsSetID = false
        case "ro": isReadOnly = true
        case "rw": isReadOnly = false
        // It never has devices, and times are what they are.
        case "nodev", "defaults", "relatime", "noatime", "atime", "sync", "async": break
        default:
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, Self.names.contains(String(parts[0])), !parts[1].isEmpty else { return false }
            settings[String(parts[0])] = String(parts[1])
        }
        return true
    }
}
