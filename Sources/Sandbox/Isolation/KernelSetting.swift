/// A setting of the kernel's that each container has for itself.
package struct KernelSetting: Sendable, Hashable, Codable {
    private static let shared = ["kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem"]
    private static let memory = ["kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced"]

    /// As sysctl(8) names it.
    package let name: String
    package let value: String

    /// Parses `name=value`.
    ///
    /// - Throws: ``SandboxError/invalidSetting(_:)``, ``SandboxError/settingNotOfContainer(_:)``.
    package init(_ text: String) throws(SandboxError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !text.utf8.contains(0) else { throw .invalidSetting(text) }
        // Both forms of sysctl(8); a slash that comes first says that dots are dots.
        let usesSlashes = parts[0].first { $0 == "." || $0 == "/" } == "/"
        let words = parts[0].split(separator: usesSlashes ? "/" : ".", omittingEmptySubsequences: false)
        guard words.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && (usesSlashes || !$0.contains("/")) }) else {
            throw .invalidSetting(text)
        }
        path = words.joined(separator: "/")
        name = words.joined(separator: ".")
        value = String(parts[1])
        let isOfContainer =
            words.count > 1
            && (words[0] == "net" || name.hasPrefix("fs.mqueue.") || (Self.shared + Self.memory).contains(name))
        guard isOfContainer else { throw .settingNotOfContainer(name) }
    }

    /// Below /proc/sys.
    let path: String

    var isOfNetwork: Bool { path.hasPrefix("net/") }

    /// What docker sets in each network that is a container's own: programs of every user may listen at any port, and
    /// send pings. An ordinary user's container has no such groups, and does without.
    static let standard = [("net/ipv4/ip_unprivileged_port_start", "0"), ("net/ipv4/ping_group_range", "0 2147483647")]
}
