import ImageSpec
import ImageStore
import RegistryClient

/// Tells what a push does, in docker's words.
struct PushProgress: Sendable {
    private let reference: ImageReference
    private let progress: TransferProgress

    /// How the user named it.
    private let name: String

    init(of reference: ImageReference, named name: String, as progress: TransferProgress) {
        self.reference = reference
        self.name = name
        self.progress = progress
    }

    /// Tells the beginning, `body`'s events and the end.
    func run(_ body: (@escaping @Sendable (PushEvent) -> Void) async throws -> Descriptor) async throws {
        Interruption.handle(.push)
        if let tag = reference.tag, !name.hasSuffix(":\(tag)"), reference.digest == nil {
            progress.note("Using default tag: \(tag)")
        }
        progress.note("The push refers to repository [\(reference.host)/\(reference.repository)]")
        let manifest = try await progress.run { try await body { show($0) } }
        progress.note("\(reference.manifestReference): digest: \(manifest.digest) size: \(manifest.size)")
        progress.result(name: "\(reference)", digest: manifest.digest)
    }

    private func show(_ event: PushEvent) {
        guard case .layer(let layer, let step) = event else { return }
        let (status, current): (LayerReport.Status, Int64) =
            switch step {
            case .uploading(let bytes): (.uploading, bytes)
            case .done(.alreadyThere): (.alreadyThere, layer.size)
            case .done(.mounted): (.mounted, layer.size)
            case .done(.uploaded): (.uploaded, layer.size)
            case .skipped: (.skipped, 0)
            }
        progress.show(LayerReport(layer: layer.digest, status: status, current: current, total: layer.size))
    }
}
