import ImageSpec
import Storage

extension StoreCheck {
    /// Every blob's bytes are there, as many as there should be, and of its digest.
    func checkBlobs(_ summary: inout CheckSummary) async throws {
        var progress = Progress()
        var last: Digest?
        while true {
            let page = try await metadata.blobs(after: last, limit: Self.pageLength)
            try await withThrowingTaskGroup(of: (StoredBlob, String?).self) { group in
                var waiting = page[...]
                for blob in waiting.prefix(width) { group.addTask { (blob, try await self.problem(of: blob)) } }
                waiting = waiting.dropFirst(width)
                while let (blob, problem) = try await group.next() {
                    if let next = waiting.popFirst() { group.addTask { (next, try await self.problem(of: next)) } }
                    summary.blobs += 1
                    summary.byteCount += blob.size
                    if let problem { report(.damage, "blob \(blob.digest): \(problem)", &summary) }
                    progress.blobs += 1
                    progress.byteCount += blob.size
                    report(progress)
                }
            }
            guard page.count == Self.pageLength else { return }
            last = page.last?.digest
        }
    }

    /// What is wrong with a blob, unless it has been moved or removed meanwhile.
    private func problem(of blob: StoredBlob) async throws -> String? {
        guard let problem = try await self.problem(at: blob) else { return nil }
        let now = try await metadata.locations(of: [blob.digest])[blob.digest]
        return now == blob.location ? problem : nil
    }

    private func problem(at blob: StoredBlob) async throws -> String? {
        do {
            guard let size = try await blobs.size(of: blob.location) else {
                return "its bytes are not there (\(blob.location))"
            }
            guard size == blob.size else {
                return "it should have \(blob.size) bytes, but \(size) are there (\(blob.location))"
            }
            guard readsDigests else { return nil }
            let computed = try await blobs.digest(of: blob.location, by: blob.digest.algorithm)
            return computed == blob.digest ? nil : "its bytes have the digest \(computed) (\(blob.location))"
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return "its bytes can't be read: \(error)"
        }
    }
}
