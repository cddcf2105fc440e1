import CArchive
import Glibc
import SystemPackage

/// One entry of a layer's archive, without its content.
struct LayerEntry {
    enum Kind: Equatable {
        case file
        case folder
        /// The bytes as they stand, with a zero byte at the end, leading wherever they lead.
        case symbolicLink(to: [CChar])
        case hardLink(to: LayerPath)
        /// A character device, block device or FIFO: the kind in `S_IFMT`'s bits.
        case node(kind: mode_t, major: UInt32, minor: UInt32)
    }

    var path: LayerPath
    var kind: Kind
    /// The permissions, with set-user-ID, set-group-ID and sticky.
    var mode: mode_t
    let user: uid_t
    let group: gid_t
    /// Nil when the archive has none.
    let accessTime: timespec?
    let modificationTime: timespec
    /// The length of the content in bytes, holes included.
    let size: Int64
    var attributes: [(name: String, value: [UInt8])]

    /// What the file system will give for the entry's size, in bytes; nothing for folders.
    var length: Int64 {
        guard case .symbolicLink(let target) = kind else { return size }
        return Int64(target.count - 1)
    }

    var isSymbolicLink: Bool {
        if case .symbolicLink = kind { true } else { false }
    }

    /// Reads what libarchive read.
    init(_ entry: OpaquePointer) throws(LayerFailure) {
        guard let name = archive_entry_pathname(entry) else { throw LayerFailure("an entry has no readable name") }
        path = try LayerPath(name)
        kind = try Self.kind(of: entry, at: path)
        mode = archive_entry_perm(entry) & 0o7777
        user = try Self.identifier(archive_entry_uid(entry), of: path)
        group = try Self.identifier(archive_entry_gid(entry), of: path)
        modificationTime = timespec(tv_sec: archive_entry_mtime(entry), tv_nsec: archive_entry_mtime_nsec(entry))
        accessTime =
            archive_entry_atime_is_set(entry) != 0
            ? timespec(tv_sec: archive_entry_atime(entry), tv_nsec: archive_entry_atime_nsec(entry)) : nil
        size = kind == .file ? archive_entry_size(entry) : 0
        guard size >= 0 else { throw LayerFailure("'\(path)' has a negative size") }
        attributes = Self.attributes(of: entry)
    }

    private static func kind(of entry: OpaquePointer, at path: LayerPath) throws(LayerFailure) -> Kind {
        if let target = archive_entry_hardlink(entry) {
            return .hardLink(to: try LayerPath(target))
        }
        let kind = archive_entry_filetype(entry)
        switch kind {
        case S_IFREG:
            return .file
        case S_IFDIR:
            return .folder
        case S_IFLNK:
            guard let target = archive_entry_symlink(entry), target.pointee != 0 else {
                throw LayerFailure("the symbolic link '\(path)' leads nowhere")
            }
            return .symbolicLink(to: Array(UnsafeBufferPointer(start: target, count: strlen(target) + 1)))
        case S_IFCHR, S_IFBLK, S_IFIFO:
            return .node(
                kind: kind,
                major: UInt32(truncatingIfNeeded: archive_entry_rdevmajor(entry)),
                minor: UInt32(truncatingIfNeeded: archive_entry_rdevminor(entry))
            )
        default:
            throw LayerFailure("'\(path)' is of a kind that layers can't have")
        }
    }

    /// The kernel has 32 bits for it, and the highest number means "none".
    private static func identifier(_ number: Int64, of path: LayerPath) throws(LayerFailure) -> UInt32 {
        guard let identifier = UInt32(exactly: number), identifier != .max else {
            throw LayerFailure("'\(path)' belongs to \(number), which is no user or group")
        }
        return identifier
    }

    private static func attributes(of entry: OpaquePointer) -> [(name: String, value: [UInt8])] {
        var attributes: [(name: String, value: [UInt8])] = []
        archive_entry_xattr_reset(entry)
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK {
            guard let name else { continue }
            attributes.append((String(cString: name), Array(UnsafeRawBufferPointer(start: value, count: size))))
        }
        return attributes
    }
}
