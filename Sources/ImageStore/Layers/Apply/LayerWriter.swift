import CConfinement
import Glibc
import SystemPackage

/// Writes a layer's entries to the root of this process, which is the layer's own folder.
///
/// A symbolic link on the way is followed as any program's would be: within the root, for there is nothing else.
struct LayerWriter {
    /// What the entries are.
    enum Meaning {
        /// A layer's: markers say what it hides.
        case layer
        /// Files to be copied: a folder stays a folder, and a file a file. They belong to `owner`, or to whom they say.
        case copy(owner: FileOwner?)
    }

    /// Whether the process is the host's root; else owners that aren't mapped collapse to the caller, and devices are left
    /// out.
    let isPrivileged: Bool
    let meaning: Meaning
    /// Folders get their times last, for every entry in them changes those.
    private var folderTimes: [FolderTimes] = []

    private struct FolderTimes {
        let path: LayerPath
        let inode: ino_t
        let times: [timespec]
    }

    init(isPrivileged: Bool, as meaning: Meaning = .layer) {
        self.isPrivileged = isPrivileged
        self.meaning = meaning
    }

    private var opaqueAttribute: String { isPrivileged ? "trusted.overlay.opaque" : "user.overlay.opaque" }

    /// Writes one entry over what stands at its path: the last of several entries with one name wins.
    mutating func write(_ entry: LayerEntry, content: LayerArchive) throws(LayerFailure) {
        if case .copy = meaning { return try writeOrdinary(entry, content: content) }
        switch try LayerMarker(entry.path) {
        case .whiteout(let path): try hide(path)
        case .opaque(let folder): try makeOpaque(folder)
        case .bookkeeping: break
        case nil: try writeOrdinary(entry, content: content)
        }
    }

    /// Sets the folders' times; nothing may be written after.
    mutating func finish() throws(LayerFailure) {
        for folder in folderTimes.reversed() {
            guard let status = FileStatus(of: folder.path), status.isFolder, status.inode == folder.inode else {
                continue
            }
            try setTimes(of: folder.path, to: folder.times)
        }
        folderTimes = []
    }

    /// Leaves a folder's access and modification time to ``finish()``.
    mutating func postpone(_ times: [timespec], of folder: LayerPath) {
        guard let status = FileStatus(of: folder) else { return }
        folderTimes.append(FolderTimes(path: folder, inode: status.inode, times: times))
    }

    private mutating func writeOrdinary(_ entry: LayerEntry, content: LayerArchive) throws(LayerFailure) {
        let path = entry.path
        guard !path.isRoot || entry.kind == .folder else { throw LayerFailure("the layer's root must be a folder") }
        switch entry.kind {
        case .folder:
            try makeFolder(path)
        case .file:
            return try writeFile(entry, content: content)
        case .symbolicLink(let target):
            try clear(path)
            try call("make the symbolic link", path) { symlink(target, $0) }
        case .hardLink(let target):
            // The metadata is the target's.
            return try linkFile(path, to: target)
        case .node(let kind, let major, let minor):
            // A device of the host's is nothing that an ordinary user can make.
            guard isPrivileged || kind == S_IFIFO else { return }
            try clear(path)
            try call("make the device", path) { berth_make_node($0, kind | 0o600, major, minor) }
        }
        try setMetadata(of: entry)
    }

    private func linkFile(_ path: LayerPath, to target: LayerPath) throws(LayerFailure) {
        guard target != path else { return }
        guard FileStatus(of: target)?.isFolder == false else {
            throw LayerFailure("the hard link '\(path)' is to '\(target)', which is no file of the layer")
        }
        try clear(path)
        try call("link to \(target)", path) { link(target.bytes, $0) }
    }

    private mutating func writeFile(_ entry: LayerEntry, content: LayerArchive) throws(LayerFailure) {
        let path = entry.path
        let file = try createFile(path)
        defer { close(file) }
        try writeContent(of: entry, from: content, to: file)
        try setMetadata(of: entry, open: file)
        WriteBack.begin(of: file, size: entry.size)
    }

    /// Nothing stands at the path and the folder is there, most often: only else it is looked at.
    private func createFile(_ path: LayerPath) throws(LayerFailure) -> Int32 {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = open(path.bytes, flags, 0o600)
        guard file < 0 else { return file }
        try clear(path)
        return try call("create", path) { open($0, flags, 0o600) }
    }

    private func writeContent(
        of entry: LayerEntry,
        from content: LayerArchive,
        to file: Int32
    ) throws(LayerFailure) {
        let path = entry.path
        var end: Int64 = 0
        while let (bytes, offset) = try content.nextContent() {
            var rest = bytes[...]
            end = max(end, offset + Int64(bytes.count))
            while !rest.isEmpty {
                let slice = UnsafeRawBufferPointer(rebasing: rest)
                let position = offset + Int64(bytes.count - rest.count)
                let count = try call("write", path) { _ in pwrite(file, slice.baseAddress, slice.count, off_t(position))
                }
                rest = rest.dropFirst(count)
            }
            WriteBack.begin(of: file, behind: offset, bytes.count)
        }
        // What ends in a hole has no last byte to write.
        if end < entry.size { try call("extend", path) { _ in ftruncate(file, off_t(entry.size)) } }
    }

    /// Makes a folder, or keeps the one that is there.
    private func makeFolder(_ path: LayerPath) throws(LayerFailure) {
        let standing = FileStatus(of: path)
        guard standing?.isFolder != true else { return }
        if case .copy = meaning, standing != nil {
            throw LayerFailure("can't overwrite '\(path)', which is no folder, by a folder")
        }
        try clear(path)
        try call("make the folder", path) { mkdir($0, 0o755) }
        // What the whiteout hid must not shine through the folder that takes its place.
        if standing?.isWhiteout == true { try setOpaque(path) }
    }

    /// A whiteout hides what is below; what this layer itself has at the path stays.
    private func hide(_ path: LayerPath) throws(LayerFailure) {
        guard let standing = FileStatus(of: path) else {
            try makeParents(of: path)
            try call("make the whiteout", path) { berth_make_node($0, S_IFCHR, 0, 0) }
            return
        }
        if standing.isFolder { try setOpaque(path) }
    }

    private func makeOpaque(_ folder: LayerPath) throws(LayerFailure) {
        if FileStatus(following: folder)?.isFolder != true { try makeFolder(folder) }
        try setOpaque(folder)
    }

    private func setOpaque(_ folder: LayerPath) throws(LayerFailure) {
        let value = [UInt8(ascii: "y")]
        try call("make opaque", folder) { berth_set_attribute($0, opaqueAttribute, value, value.count) }
    }

    /// Removes what stands at `path`, or makes the folders above it where they are missing.
    private func clear(_ path: LayerPath) throws(LayerFailure) {
        guard let standing = FileStatus(of: path) else { return try makeParents(of: path) }
        if case .copy = meaning, standing.isFolder {
            throw LayerFailure("can't overwrite the folder '\(path)' by what is no folder")
        }
        try remove(path.filePath, isFolder: standing.isFolder)
    }

    private func remove(_ path: FilePath, isFolder: Bool) throws(LayerFailure) {
        guard isFolder else {
            try call("replace", path) { unlink($0) }
            return
        }
        for name in try FolderListing.names(in: path) {
            let inner = path.appending(name)
            try remove(inner, isFolder: FileStatus(at: inner)?.isFolder == true)
        }
        try call("replace", path) { rmdir($0) }
    }

    private func makeParents(of path: LayerPath) throws(LayerFailure) {
        guard !path.isRoot, FileStatus(following: path.parent)?.isFolder != true else { return }
        for folder in path.parent.lineage where FileStatus(following: folder)?.isFolder != true {
            guard FileStatus(of: folder).map(\.isWhiteout) != false else {
                throw LayerFailure("'\(path)' is below '\(folder)', which is no folder")
            }
            try makeFolder(folder)
        }
    }
}
