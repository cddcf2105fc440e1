import Glibc
import ImageSpec
import SystemPackage

/// What lies in the store's temporary folder and nobody works on any more.
struct TemporaryLitter {
    /// For how long the beginning of a blob waits to be gone on from.
    private static let patience: Int64 = 24 * 3600

    let layout: ImageLayout
    /// Whether the beginnings of blobs go however young they are.
    let takesBeginnings: Bool

    /// Removes what is there by this name, if it is litter; returns how many bytes that was.
    func remove(_ name: String) throws -> Int64 {
        let path = layout.temporaryFolder.appending(name)
        guard let standing = FileStatus(at: path) else { return 0 }
        if standing.isFolder {
            guard TemporaryName(rawValue: name).isOrphaned else { return 0 }
            let size = size(ofFolder: path)
            try UnpackedFolder.remove(path, by: layout.temporaryFolder)
            return size
        }
        if TemporaryName(rawValue: name).isOrphaned {
            unlink(path.string)
            return Int64(standing.status.st_size)
        }
        guard let digest = Digest(partialName: name), standing.kind == S_IFREG else { return 0 }
        let age = Int64(time(nil)) - Int64(standing.status.st_mtim.tv_sec)
        guard takesBeginnings || age > Self.patience || layout.contains(digest) else { return 0 }
        return try removeBeginning(at: path) ? Int64(standing.status.st_size) : 0
    }

    /// Removes the beginning of a blob, unless somebody fetches the blob just now.
    private func removeBeginning(at path: FilePath) throws -> Bool {
        // It may have become the blob since it was listed.
        guard let file = try openIfPresent(path) else { return false }
        defer { try? file.close() }
        // Whoever opened it and waits for the lock will find that the file has lost its name, and begin anew.
        guard try FileLock.tryExclusive(file, at: path) else { return false }
        unlink(path.string)
        return true
    }

    private func openIfPresent(_ path: FilePath) throws -> FileDescriptor? {
        do {
            return try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch {
            return try naming("open", path) { throw error }
        }
    }

    /// Of the files right in it: a killed process's layer has more below, and isn't worth a walk.
    private func size(ofFolder path: FilePath) -> Int64 {
        ((try? FolderListing.names(in: path)) ?? []).reduce(0) { sum, name in
            guard let standing = FileStatus(at: path.appending(name)), standing.kind == S_IFREG else { return sum }
            return sum + Int64(standing.status.st_size)
        }
    }
}

extension Digest {
    /// The digest of the blob whose beginning a file with this name holds.
    fileprivate init?(partialName name: String) {
        guard name.hasSuffix(".partial"), let dash = name.firstIndex(of: "-"),
            let digest = try? Digest("\(name[..<dash]):\(name[name.index(after: dash)...].dropLast(8))")
        else { return nil }
        self = digest
    }
}
