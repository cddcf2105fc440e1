import FoundationEssentials
import Glibc
import SystemPackage

/// How a container's writable layer, at `/upper`, differs from the layers below it, at `/layers/0`, … from the highest.
///
/// As docker shows it: each folder on the way to a change counts as changed, but not one that was only copied up.
struct TreeComparison {
    private let layers: [FilePath]
    private let excluded: Set<FilePath>

    init(layerCount: Int, excluding excluded: [String]) {
        layers = (0..<layerCount).map { FilePath("/layers/\($0)") }
        self.excluded = Set(excluded.map { FilePath($0) })
    }

    /// Writes a ``FileChange`` as a line of JSON each, in the order of the paths.
    func write(to file: FileDescriptor) throws {
        let encoder = JSONEncoder()
        for change in try changes(in: FilePath(), hidesAll: false).sorted(by: { $0.path < $1.path }) {
            try file.writeAll(Array(encoder.encode(change)) + [UInt8(ascii: "\n")])
        }
    }

    /// The changes below the folder `name` of the writable layer.
    ///
    /// - Parameter hidesAll: whether nothing is seen through the folder.
    private func changes(in name: FilePath, hidesAll: Bool) throws(LayerFailure) -> [FileChange] {
        let folder = FilePath("/upper").pushing(name)
        let hidesAll = hidesAll ? true : try OverlayMark.isOpaque(folder)
        var changes = hidesAll ? try hidden(in: name) : []
        for component in try FolderListing.names(in: folder) {
            let inner = name.appending(component)
            let path = folder.appending(component)
            // One that isn't there is gone again.
            guard !excluded.contains(inner), let standing = FileStatus(at: path) else { continue }
            let former = below(inner)
            if try OverlayMark.isWhiteout(standing, at: path) {
                if former != nil { changes.append(FileChange(.deleted, inner)) }
                continue
            }
            let content = standing.isFolder ? try self.changes(in: inner, hidesAll: hidesAll) : []
            if former == nil {
                changes.append(FileChange(.added, inner))
            } else if let former, !content.isEmpty || !standing.isSameFolder(as: former) {
                changes.append(FileChange(.changed, inner))
            }
            changes += content
        }
        return changes
    }

    /// What a folder hides that nothing is seen through: all that is below and not in it.
    private func hidden(in name: FilePath) throws(LayerFailure) -> [FileChange] {
        var names: Set<FilePath.Component> = []
        for layer in layers {
            guard FileStatus(at: layer.pushing(name))?.isFolder == true else { continue }
            names.formUnion(try FolderListing.names(in: layer.pushing(name)))
        }
        return names.map { name.appending($0) }
            .filter { FileStatus(at: FilePath("/upper").pushing($0)) == nil && below($0) != nil }
            .map { FileChange(.deleted, $0) }
    }

    /// What the layers below show at `name`; nil for nothing.
    private func below(_ name: FilePath) -> FileStatus? {
        for layer in layers {
            var path = layer
            var isCovered = false
            for (index, component) in name.components.enumerated() {
                path.append(component)
                guard let standing = FileStatus(at: path) else {
                    // Nothing here; the layers further down show what they have.
                    break
                }
                if standing.isWhiteout { return nil }
                if index == name.components.count - 1 { return standing }
                guard standing.isFolder else { return nil }
                if (try? OverlayMark.isOpaque(path)) == true { isCovered = true }
            }
            if isCovered { return nil }
        }
        return nil
    }
}

extension FileStatus {
    /// Whether it is a folder like `other`; what happened in it shows by itself.
    fileprivate func isSameFolder(as other: FileStatus) -> Bool {
        isFolder && other.isFolder && status.st_mode == other.status.st_mode && status.st_uid == other.status.st_uid
            && status.st_gid == other.status.st_gid
    }
}
