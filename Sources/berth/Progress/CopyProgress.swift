import ImageSpec
import Mirror
import RegistryClient

/// Tells what a copy does.
struct CopyProgress: Sendable {
    private let destination: ImageLocation
    private let progress: TransferProgress

    init(to destination: ImageLocation, as progress: TransferProgress) {
        self.destination = destination
        self.progress = progress
    }

    /// Tells `body`'s events and the end.
    func run(_ body: (@escaping @Sendable (CopyEvent) -> Void) async throws -> CopyReport) async throws {
        Interruption.handle(destination.isArchive ? .archive : .copy)
        let report = try await progress.run { try await body { show($0) } }
        progress.note("Digest: \(report.digest)")
        progress.note("Manifests: \(report.manifests.copied) copied, \(report.manifests.skipped) already there")
        progress.note("Blobs: \(report.blobs.copied) copied, \(report.blobs.skipped) already there")
        progress.note("Sent: \(humanSize(report.bytes))")
        progress.result(name: "\(destination)", digest: report.digest, sent: report.bytes)
    }

    private func show(_ event: CopyEvent) {
        switch event {
        case .chose(let platform, let index):
            progress.note("Copying only \(platform) of \(index); --all-platforms copies all")
        case .copying(let blob, let bytes):
            show(blob, .copying, bytes)
        case .blob(let blob, .alreadyThere):
            show(blob, .alreadyHere, blob.size)
        case .blob(let blob, .mounted):
            show(blob, .mounted, blob.size)
        case .blob(let blob, .uploaded):
            show(blob, .copied, blob.size)
        case .skipped(let layer):
            show(layer, .skipped, 0)
        case .manifest:
            break
        }
    }

    private func show(_ blob: Descriptor, _ status: LayerReport.Status, _ bytes: Int64) {
        progress.show(LayerReport(layer: blob.digest, status: status, current: bytes, total: blob.size))
    }
}

extension ImageLocation {
    fileprivate var isArchive: Bool {
        switch self {
        case .registry, .layout: false
        case .archive, .dockerArchive: true
        }
    }
}
