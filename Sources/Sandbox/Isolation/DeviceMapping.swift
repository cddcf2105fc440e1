/// A device of the host's that a container may use.
package struct DeviceMapping: Sendable, Hashable, Codable {
    package let hostPath: String
    package let path: String
    /// Some of `r`, `w` and `m`: to read, to write, and to make its node.
    package let permissions: String

    /// Parses `path[:path in the container][:permissions]`.
    ///
    /// - Throws: ``SandboxError/invalidDevice(_:)``.
    package init(_ text: String) throws(SandboxError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (1...3).contains(parts.count), Self.isPath(parts[0]) else { throw .invalidDevice(text) }
        hostPath = parts[0]
        switch parts.count {
        case 1: (path, permissions) = (hostPath, "rwm")
        case 2 where Self.isPermissions(parts[1]): (path, permissions) = (hostPath, parts[1])
        case 2: (path, permissions) = (parts[1], "rwm")
        default: (path, permissions) = (parts[1], parts[2])
        }
        guard Self.isPath(path), Self.isPermissions(permissions) else { throw .invalidDevice(text) }
    }

    private static func isPath(_ text: String) -> Bool {
        text.hasPrefix("/") && text.utf8.count > 1 && !text.utf8.contains(0)
            && !text.split(separator: "/").contains("..")
    }

    private static func isPermissions(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { "rwm".contains($0) } && Set(text).count == text.count
    }
}
