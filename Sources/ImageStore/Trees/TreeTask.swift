/// What a confined process is to do in its tree.
enum TreeTask: Codable {
    /// To write an archive of all that is in the tree.
    case export
    /// To write an archive of the writable layer as an image's layer, but for the paths in `excluding`.
    case pack(excluding: [String])
    /// To write down how the writable layer differs from the layers below, but for the paths in `excluding`.
    case compare(excluding: [String])
    /// To write an archive of the file or folder at a path.
    case read(path: String, followsLink: Bool)
    /// To write an archive's files to where a path says.
    case write(TreeWriteTask)
    /// To write an archive's files into the tree's root.
    case unpack(TreeUnpackTask)
}

/// Where the files of an archive go, and how.
struct TreeWriteTask: Codable {
    var destination: String
    var source: CopySource
    /// Whom the files belong to; nil for whom the archive says.
    var owner: FileOwner?
}

/// How the names of an archive's files change, and whose they become.
struct TreeUnpackTask: Codable {
    /// What each name begins with, and what it is to begin with instead; nil for nothing.
    var formerName: String?
    var name: String?
    var owner: FileOwner?
    /// Whether files may come with a power over this host: set-user-ID and set-group-ID, capabilities, device nodes.
    var keepsPrivileges = true
}

/// Who a file belongs to, in numbers.
package struct FileOwner: Sendable, Codable, Equatable {
    package var user: UInt32
    package var group: UInt32

    package init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }
}
