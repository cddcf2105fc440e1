import Glibc
import ImageSpec
import RegistryClient
import SystemPackage

extension ImageStore {
    /// Removes images that nobody uses, and all that lies in the store and belongs to nothing: blobs and layers that no
    /// image needs, and what killed processes left behind.
    ///
    /// Safe beside any other work: what a living lease holds stays, and so does every file whose maker still runs. An
    /// image that a container is made of stays, whether that runs or not.
    ///
    /// - Parameters:
    ///   - all: remove not only images without a name, but all that no container uses; and also the beginnings of blobs
    ///     that the next pull would go on from.
    ///   - isWanted: which images may go at all.
    package func prune(
        all: Bool = false,
        where isWanted: (LocalImage) -> Bool = { _ in true }
    ) throws -> PruneReport {
        var report = PruneReport()
        let removedLayers = try layout.withLock(.exclusive) { lock in
            let use = try ContentUse(of: self, lock)
            try removeEntries(all: all, use, where: isWanted, &report, lock)
            let needed = try digestsNeeded(lock).union(use.digests)
            try deleteBlobs(unless: needed, &report, lock)
            return try takeOutLayers(unless: needed, &report)
        }
        // Trees take long to delete: others may work meanwhile.
        for (layers, folder) in removedLayers { try layers.remove(folder) }
        try sweepLocks()
        try UploadSessionFolder(uploadsFolder).sweep()
        try sweepTemporaryFolder(all: all, &report)
        return report
    }

    private func removeEntries(
        all: Bool,
        _ use: ContentUse,
        where isWanted: (LocalImage) -> Bool,
        _ report: inout PruneReport,
        _ lock: borrowing FileLock
    ) throws {
        var index = try layout.index(lock)
        let doomed = index.entries.filter { entry in
            // An entry that another tool wrote in a form of its own is that tool's.
            guard all || entry.name == nil, let image = try? image(of: entry) else { return false }
            // A layer may be in use by way of another image; whose it is, nobody knows.
            let isUsed =
                use.digests.contains(image.manifestDigest) || image.config.diffIDs.contains(where: use.digests.contains)
            return !isUsed && use.container(of: image.id) == nil && isWanted(image)
        }
        guard !doomed.isEmpty else { return }
        report.untagged = doomed.compactMap(\.reference)
        index.removeEntries { doomed.contains($0) }
        try layout.replaceIndex(by: index, lock)
    }

    private func deleteBlobs(
        unless needed: Set<Digest>,
        _ report: inout PruneReport,
        _ lock: borrowing FileLock
    ) throws {
        for digest in layout.blobs() where !needed.contains(digest) {
            report.reclaimed += Int64(FileStatus(at: layout.path(of: digest))?.status.st_size ?? 0)
            try layout.delete(digest, lock)
            report.deleted.append(digest)
        }
    }

    /// Moves layers out of their places, where nobody finds them any more; returns where they are now.
    private func takeOutLayers(
        unless needed: Set<Digest>,
        _ report: inout PruneReport
    ) throws -> [(LayerStore, FilePath)] {
        try allLayers.flatMap { layers in
            try layers.all().filter { !needed.contains($0) }.compactMap { diffID in
                report.reclaimed += layers.size(of: diffID) ?? 0
                if !report.deleted.contains(diffID) { report.deleted.append(diffID) }
                return try layers.takeOut(diffID).map { (layers, $0) }
            }
        }
    }

    private func sweepLocks() throws {
        for layers in try allLayers {
            for name in DurableFile.names(in: layers.lockFolder) {
                try LockFile.removeIfFree(layers.lockFolder.appending(name))
            }
        }
    }

    private func sweepTemporaryFolder(all: Bool, _ report: inout PruneReport) throws {
        let litter = TemporaryLitter(layout: layout, takesBeginnings: all)
        for name in DurableFile.names(in: layout.temporaryFolder) { report.reclaimed += try litter.remove(name) }
    }
}
