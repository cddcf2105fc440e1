import ImageSpec
import Logging
import Storage

extension Registry {
    /// How many things a sweep looks at before it lets others have the disk and the database.
    private static let sweepPageLength = 500
    /// How long that is.
    private static let sweepPause = Duration.milliseconds(20)

    /// Ends the upload sessions that nothing has come for in ``RegistryConfiguration/uploadTTL``, and drops what they
    /// received. One that is being written to stays, however long its request takes.
    ///
    /// - Returns: how many were ended.
    package func sweepIdleUploads(logger: Logger) async throws -> Int {
        var count = 0
        var last: UploadEntry?
        while true {
            let page = try await metadata.uploads(
                idleFor: configuration.uploadTTL,
                after: last,
                limit: Self.sweepPageLength
            )
            for entry in page where try await end(entry) {
                count += 1
                logger.info("an idle upload was dropped", metadata: ["upload": "\(entry.id)"])
            }
            guard page.count == Self.sweepPageLength else { return count }
            last = page.last
            try await Task.sleep(for: Self.sweepPause)
        }
    }

    /// Drops what a process that was killed left behind: stored bytes that no row points to, bytes of uploads without
    /// a session, and sessions whose bytes are gone.
    ///
    /// Pushes may go on meanwhile. What one of them is about to make known is told apart by
    /// ``StoredBytes/isSettled``, and its session by its writer.
    ///
    /// When the database knows no blob at all but bytes are there, it is not the database that they were stored with:
    /// then they all stay, for somebody to look at.
    package func sweepLitter(logger: Logger) async throws -> LitterCount {
        var litter = LitterCount()
        try await sweepStoredBytes(&litter, logger: logger)
        try await sweepUploadBytes(&litter)
        try await sweepSessions(&litter)
        return litter
    }

    private func sweepStoredBytes(_ litter: inout LitterCount, logger: Logger) async throws {
        let knowsBlobs = try await !metadata.blobs(after: nil, limit: 1).isEmpty
        var last: BlobLocation?
        while true {
            let page = try await blobs.storedBytes(after: last, limit: Self.sweepPageLength)
            let settled = page.filter { $0.isSettled && $0.digest != nil }
            let known = try await metadata.locations(of: settled.compactMap(\.digest))
            let unknown = settled.filter { bytes in bytes.digest.flatMap { known[$0] } != bytes.location }
            guard knowsBlobs || unknown.isEmpty else {
                logger.warning("bytes without a row stay, since the database knows no blob at all; see berthd check")
                return
            }
            for bytes in unknown {
                try await blobs.remove(bytes.location)
                litter.blobs += 1
                litter.byteCount += bytes.size
            }
            guard page.count == Self.sweepPageLength else { return }
            last = page.last?.location
            try await Task.sleep(for: Self.sweepPause)
        }
    }

    private func sweepUploadBytes(_ litter: inout LitterCount) async throws {
        var last: UploadID?
        while true {
            let page = try await blobs.uploadBytes(after: last, limit: Self.sweepPageLength)
            // Asked before the upload is claimed, too: a client that goes on with its upload must not find it busy.
            for bytes in page where try await !metadata.hasUpload(bytes.id) {
                let wasDropped = try? await activeUploads.holding(bytes.id) {
                    guard try await !metadata.hasUpload(bytes.id) else { return false }
                    try await blobs.discardUpload(bytes.id)
                    return true
                }
                guard wasDropped == true else { continue }
                litter.uploads += 1
                litter.byteCount += bytes.size
            }
            guard page.count == Self.sweepPageLength else { return }
            last = page.last?.id
            try await Task.sleep(for: Self.sweepPause)
        }
    }

    private func sweepSessions(_ litter: inout LitterCount) async throws {
        var last: UploadEntry?
        while true {
            let page = try await metadata.uploads(idleFor: .zero, after: last, limit: Self.sweepPageLength)
            for entry in page where entry.offset > 0 {
                guard try await blobs.size(ofUpload: entry.id) == nil else { continue }
                // A blob that could not be made known becomes an upload again: asked once more when no one writes.
                guard try await end(entry, if: { try await blobs.size(ofUpload: entry.id) == nil }) else { continue }
                litter.sessions += 1
            }
            guard page.count == Self.sweepPageLength else { return }
            last = page.last
            try await Task.sleep(for: Self.sweepPause)
        }
    }

    /// Ends a session that was listed as `entry`, unless it has a writer, went on meanwhile, or `condition` doesn't hold.
    private func end(_ entry: UploadEntry, if condition: () async throws -> Bool = { true }) async throws -> Bool {
        do {
            return try await activeUploads.holding(entry.id) {
                let session = try await metadata.upload(entry.id, in: entry.repository)
                guard let session, session.offset == entry.offset, try await condition() else { return false }
                try await blobs.discardUpload(entry.id)
                try await metadata.removeUpload(entry.id)
                return true
            }
        } catch is RegistryError {
            // It has a writer: the next sweep finds it again.
            return false
        }
    }
}
