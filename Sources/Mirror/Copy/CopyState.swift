import ImageSpec

/// How far a copy is.
struct CopyState: Sendable {
    var report: CopyReport
    /// The manifests that were seen to.
    private var manifests: Set<Digest> = []
    /// The blobs that were seen to.
    private var blobs: Set<Digest> = []

    init(root: Digest) {
        report = CopyReport(digest: root)
    }

    /// Whether the manifest comes for the first time.
    mutating func takes(manifest: Digest) -> Bool { manifests.insert(manifest).inserted }

    /// Those of `descriptors` that come for the first time.
    mutating func new(_ descriptors: [Descriptor]) -> [Descriptor] {
        descriptors.filter { blobs.insert($0.digest).inserted }
    }
}
