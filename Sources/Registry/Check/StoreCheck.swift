import ImageSpec
import Storage

/// Verifies that what the database says and what is stored agree. It changes nothing.
///
/// A server may be using both meanwhile: what doesn't agree is looked at again before it is reported, so that a push, a
/// deletion or a sweep on its way is no finding.
package struct StoreCheck: Sendable {
    static let pageLength = 500
    /// How many bytes of manifests are read at once.
    static let manifestPageSize = 8 << 20

    /// How far the reading of digests is.
    package struct Progress: Sendable {
        package var blobs = 0
        /// In bytes.
        package var byteCount: Int64 = 0
    }

    let blobs: any BlobStore
    let metadata: any MetadataStore
    let readsDigests: Bool
    /// How many blobs are read at once.
    let width: Int
    private let onFinding: @Sendable (CheckFinding) -> Void
    private let onProgress: @Sendable (Progress) -> Void

    /// - Parameters:
    ///   - readsDigests: whether to read every blob and compute its digest, and not only look at its size.
    ///   - width: how many blobs to read at once: as many as there are processors.
    ///   - onFinding: called for each finding.
    ///   - onProgress: called behind each blob that was read.
    package init(
        blobs: any BlobStore,
        metadata: any MetadataStore,
        readsDigests: Bool,
        width: Int,
        onFinding: @escaping @Sendable (CheckFinding) -> Void,
        onProgress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        self.blobs = blobs
        self.metadata = metadata
        self.readsDigests = readsDigests
        self.width = max(1, width)
        self.onFinding = onFinding
        self.onProgress = onProgress
    }

    /// Checks everything.
    ///
    /// - Throws: ``StorageError`` and the drivers' errors when something can't be looked at that all else hangs on.
    package func run() async throws -> CheckSummary {
        var summary = CheckSummary()
        for problem in try await metadata.inconsistencies() { report(.damage, "database: \(problem)", &summary) }
        try await checkManifests(&summary)
        try await checkBlobs(&summary)
        try await checkUploads(&summary)
        try await checkLitter(&summary)
        return summary
    }

    func report(_ kind: CheckFinding.Kind, _ text: String, _ summary: inout CheckSummary) {
        summary.findings[kind, default: 0] += 1
        onFinding(CheckFinding(kind, text))
    }

    func report(_ progress: Progress) {
        onProgress(progress)
    }
}
