import ImageSpec
import Storage

extension StoreCheck {
    /// How long something that looks like litter is given to become a blob.
    private static let patience = Duration.seconds(1)

    /// Every upload session has the bytes that it has acknowledged.
    func checkUploads(_ summary: inout CheckSummary) async throws {
        var last: UploadEntry?
        while true {
            let page = try await metadata.uploads(idleFor: .zero, after: last, limit: Self.pageLength)
            for entry in page {
                summary.uploads += 1
                let size = try await blobs.size(ofUpload: entry.id)
                guard size ?? 0 < entry.offset else { continue }
                // It may have become a blob, or ended, since it was listed.
                guard try await metadata.upload(entry.id, in: entry.repository)?.offset == entry.offset else {
                    continue
                }
                if let size {
                    let text = "upload \(entry.id): \(entry.offset) bytes were acknowledged, but \(size) are there"
                    report(.damage, text, &summary)
                } else {
                    report(.litter, "upload \(entry.id): its \(entry.offset) bytes are gone", &summary)
                }
            }
            guard page.count == Self.pageLength else { return }
            last = page.last
        }
    }

    /// All bytes belong to a blob or an upload session.
    func checkLitter(_ summary: inout CheckSummary) async throws {
        let strays = try await strayBytes()
        let uploads = try await strayUploads()
        guard !strays.isEmpty || !uploads.isEmpty else { return }
        try await Task.sleep(for: Self.patience)
        for bytes in try await unknown(among: strays) {
            guard try await blobs.size(of: bytes.location) != nil else { continue }
            let note = bytes.digest == nil ? "not stored by Berth, and left alone" : "no blob's row points to them"
            report(.litter, "\(bytes.size) bytes at \(bytes.location): \(note)", &summary)
        }
        for bytes in uploads {
            guard try await !metadata.hasUpload(bytes.id), try await blobs.size(ofUpload: bytes.id) != nil else {
                continue
            }
            report(.litter, "\(bytes.size) bytes of upload \(bytes.id): there is no such session", &summary)
        }
    }

    private func strayBytes() async throws -> [StoredBytes] {
        var strays: [StoredBytes] = []
        var last: BlobLocation?
        while true {
            let page = try await blobs.storedBytes(after: last, limit: Self.pageLength)
            strays += try await unknown(among: page)
            guard page.count == Self.pageLength else { return strays }
            last = page.last?.location
        }
    }

    private func unknown(among stored: [StoredBytes]) async throws -> [StoredBytes] {
        let known = try await metadata.locations(of: stored.compactMap(\.digest))
        return stored.filter { bytes in bytes.digest.flatMap { known[$0] } != bytes.location }
    }

    private func strayUploads() async throws -> [UploadBytes] {
        var strays: [UploadBytes] = []
        var last: UploadID?
        while true {
            let page = try await blobs.uploadBytes(after: last, limit: Self.pageLength)
            for bytes in page where try await !metadata.hasUpload(bytes.id) { strays.append(bytes) }
            guard page.count == Self.pageLength else { return strays }
            last = page.last?.id
        }
    }
}
