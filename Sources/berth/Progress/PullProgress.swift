import ImageSpec
import ImageStore
import SystemPackage

/// Tells what a pull does, in docker's words.
struct PullProgress: Sendable {
    private let reference: ImageReference
    private let progress: TransferProgress

    init(of reference: ImageReference, as progress: TransferProgress) {
        self.reference = reference
        self.progress = progress
    }

    /// Tells the beginning, `body`'s events and the end.
    ///
    /// - Parameter name: as the user gave it.
    @discardableResult
    func run(
        name: String,
        _ body: (@escaping @Sendable (PullEvent) -> Void) async throws -> PullResult
    ) async throws -> PullResult {
        Interruption.handle(.pull)
        if let tag = reference.tag, !name.hasSuffix(":\(tag)"), reference.digest == nil {
            progress.note("Using default tag: \(tag)")
        }
        progress.note("\(reference.manifestReference): Pulling from \(reference.repository)")
        let result = try await progress.run { try await body { show($0) } }
        let familiar = reference.familiarName
        progress.note("Digest: \(result.image.resolvedDigest)")
        progress.note(
            result.wasUpToDate
                ? "Status: Image is up to date for \(familiar)" : "Status: Downloaded newer image for \(familiar)"
        )
        progress.result(name: "\(reference)", digest: result.image.resolvedDigest)
        return result
    }

    private func show(_ event: PullEvent) {
        guard case .layer(let layer, let step) = event else { return }
        let (status, current): (LayerReport.Status, Int64) =
            switch step {
            case .alreadyHere: (.alreadyHere, layer.size)
            case .downloading(let bytes): (.downloading, bytes)
            case .downloaded: (.downloaded, layer.size)
            case .unpacked: (.unpacked, layer.size)
            }
        progress.show(LayerReport(layer: layer.digest, status: status, current: current, total: layer.size))
    }
}
