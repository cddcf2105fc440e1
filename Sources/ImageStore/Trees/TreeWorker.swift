import CConfinement
import Glibc
import SystemPackage

/// What the confined process does once its root is the container's.
struct TreeWorker {
    let root: TreeRoot
    /// Whether the caller is the host's root, whatever it is in here.
    let isPrivileged: Bool

    func run(_ task: TreeTask) throws {
        switch task {
        case .export:
            try restrict()
            try FolderArchiver(OpenArchiveOutput(.standardOutput), isLive: true).write("/")
        case .pack(let excluded):
            try restrict()
            let excluded = Set(excluded.map { FilePath($0) })
            try FolderArchiver(OpenArchiveOutput(.standardOutput), as: .layer, isLive: true, excluding: excluded)
                .write("/upper")
        case .compare(let excluded):
            try restrict()
            try TreeComparison(layerCount: root.layers.count, excluding: excluded).write(to: .standardOutput)
        case .read(let path, let followsLink):
            try read(path, followsLink: followsLink)
        case .write(let task):
            try write(task)
        case .unpack(let task):
            try restrict()
            try unpack(task)
        }
    }

    private func read(_ text: String, followsLink: Bool) throws {
        let place = try TreePlace(CopyPath(text), followsLink: followsLink)
        guard let standing = place.standing else {
            throw TreeFailure("no such file or folder in the container: \(text)", isMissing: true)
        }
        guard standing.isFolder || !CopyPath(text).assertsFolder else {
            throw TreeFailure("\(text) is no folder", isMissing: true)
        }
        let name = CopyPath(text).meansContent ? nil : CopyPath(text).name
        let source = CopySource(path: text, name: name, isFolder: standing.isFolder)
        try place.enter(isFolder: standing.isFolder)
        try restrict()
        TreeHelper.send(.found(source))
        try FolderArchiver(OpenArchiveOutput(.standardOutput), isLive: true)
            .write(standing.isFolder ? "." : FilePath(place.name), as: FilePath(name ?? "."))
    }

    private func write(_ task: TreeWriteTask) throws {
        let path = CopyPath(task.destination)
        let place = try TreePlace(path, followsLink: true)
        let standing: CopyPlacement.Standing = place.standing.map { $0.isFolder ? .folder : .other } ?? .nothing
        let placement = try CopyPlacement(
            of: task.source,
            to: task.destination,
            name: place.name,
            standing: standing
        )
        try place.enter(isFolder: placement.isInside)
        // The destination is all there is from here on: what the archive says can lead nowhere else.
        guard chroot(".") == 0 else { throw TreeFailure("can't enter \(task.destination): \(Errno(rawValue: errno))") }
        try restrict()
        TreeHelper.send(.ready)

        try unpack(TreeUnpackTask(formerName: task.source.name, name: placement.name, owner: task.owner))
    }

    private func unpack(_ task: TreeUnpackTask) throws {
        let chunks = BufferedChunks(try DecompressedStream(.standardInput, accepting: .archives))
        let archive = try LayerArchive(chunks, blobSize: nil, limits: LayerLimits())
        var writer = LayerWriter(isPrivileged: isPrivileged, as: .copy(owner: task.owner))
        while var entry = try archive.nextEntry() {
            entry.path = try entry.path.renamed(from: task.formerName, to: task.name)
            if case .hardLink(let target) = entry.kind {
                entry.kind = .hardLink(to: try target.renamed(from: task.formerName, to: task.name))
            }
            // The folder that is copied into keeps what it has.
            if entry.path.isRoot { continue }
            if !task.keepsPrivileges, !entry.giveUpPrivileges() { continue }
            try writer.write(entry, content: archive)
        }
        try writer.finish()
        try archive.finish()
    }

    /// Gives up all that reading and writing files doesn't take.
    private func restrict() throws(TreeFailure) {
        var confinement = berth_confinement()
        let limits = LayerLimits()
        confinement.privileged = isPrivileged
        confinement.file_size = UInt64(clamping: limits.bytes)
        confinement.address_space = UInt64(clamping: limits.addressSpace)
        guard let step = berth_restrict(&confinement) else { return }
        throw TreeFailure("its process can't \(String(cString: step)): \(Errno(rawValue: errno))")
    }
}

extension LayerEntry {
    /// Takes away what would be a power over the host that the file is copied to; false when nothing is left then.
    fileprivate mutating func giveUpPrivileges() -> Bool {
        if case .node(let kind, _, _) = kind, kind != S_IFIFO { return false }
        mode &= 0o1777
        attributes.removeAll { $0.name.hasPrefix("security.") }
        return true
    }
}
