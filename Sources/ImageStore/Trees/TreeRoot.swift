import SystemPackage
import UserNamespaces

/// What becomes the whole file system of a confined process that reads or writes a container's files.
package struct TreeRoot: Sendable, Codable {
    package enum Kind: String, Sendable, Codable {
        /// A folder of this host, and nothing else.
        case folder
        /// A container's layers as one, with its volumes.
        case merged
        /// A container's layers, each by itself.
        case parts
        /// What a running container sees.
        case running
        /// A running container's own root, without what is mounted in it.
        case runningRoot
    }

    /// A volume or folder of the host in the tree.
    package struct Mount: Sendable, Codable {
        package var source: String
        package var target: String
        package var isReadOnly: Bool

        package init(source: String, target: String, isReadOnly: Bool) {
            self.source = source
            self.target = target
            self.isReadOnly = isReadOnly
        }
    }

    package var kind: Kind
    /// The lowest first.
    package var layers: [String] = []
    /// The writable layer, or the folder.
    package var upper: String?
    /// overlayfs's own folder beside the writable layer; nil for a tree that isn't to be written.
    package var work: String?
    /// Whether only what is in ``mounts`` can be written.
    package var isReadOnlyRoot = false
    package var mounts: [Mount] = []
    /// How those are mapped whose the files are; nil for root's, or an ordinary caller's alone. What a running container
    /// sees is mapped as it is there.
    package var userMap: UserMap?

    package init(_ kind: Kind) {
        self.kind = kind
    }

    package static func folder(_ path: FilePath, userMap: UserMap? = nil) -> TreeRoot {
        var root = TreeRoot(.folder)
        root.upper = path.string
        root.userMap = userMap
        return root
    }
}
