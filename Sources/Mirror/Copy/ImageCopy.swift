import ImageSpec
import RegistryClient
import Synchronization

/// Copies an image from one registry to another, server to server, byte for byte.
///
/// An index is copied with all its manifests. What the destination has already is asked for by digest first and
/// not sent again; nothing is kept on this host.
///
/// ```swift
/// let report = try await ImageCopy(from: source, to: destination).run()
/// ```
package struct ImageCopy: Sendable {
    /// How many blobs go at once.
    private static let concurrentBlobs = 4
    /// How deep indexes may stand in indexes.
    private static let maximumDepth = 4

    private let source: ImageReference
    private let destination: ImageReference
    private let sourceClient: RegistryClient
    private let destinationClient: RegistryClient

    /// - Throws: ``RegistryClientError/invalidAddress(_:)``.
    package init(
        from source: ImageReference,
        to destination: ImageReference,
        configuration: RegistryClient.Configuration = .init()
    ) throws {
        self.init(
            from: source,
            at: try RegistryClient(registry: source.host, configuration: configuration),
            to: destination,
            at: try RegistryClient(registry: destination.host, configuration: configuration)
        )
    }

    /// - Parameters:
    ///   - sourceClient: for the registry that `source` names, or a mirror of it.
    ///   - destinationClient: for the registry that `destination` names.
    package init(
        from source: ImageReference,
        at sourceClient: RegistryClient,
        to destination: ImageReference,
        at destinationClient: RegistryClient
    ) {
        self.source = source
        self.destination = destination
        self.sourceClient = sourceClient
        self.destinationClient = destinationClient
    }

    /// Copies what is missing.
    ///
    /// - Throws: ``RegistryClientError``; ``MirrorError``.
    package func run() async throws -> CopyReport {
        let resolved = try await sourceClient.manifest(source.manifestReference, in: source.repository)
        var report = CopyReport(digest: resolved.digest)
        if case .digest(let wanted) = destination.manifestReference, wanted != resolved.digest {
            throw MirrorError.differentDigest(destination: destination, source: resolved.digest)
        }
        guard try await destinationDigest(of: destination.manifestReference) != resolved.digest else {
            report.manifests.skipped += 1
            return report
        }
        try await copy(resolved, as: destination.manifestReference, into: &report, depth: 0)
        return report
    }

    private func copy(
        _ resolved: ResolvedManifest,
        as reference: ManifestReference,
        into report: inout CopyReport,
        depth: Int
    ) async throws {
        switch resolved.manifest.content {
        case .image(let image): try await copyBlobs(of: image, into: &report)
        case .index(let index): try await copyManifests(of: index, into: &report, depth: depth)
        }
        try await destinationClient.push(resolved.manifest, as: reference, to: destination.repository)
        report.manifests.copied += 1
        report.bytes += Int64(resolved.manifest.bytes.count)
    }

    private func copyManifests(of index: ImageIndex, into report: inout CopyReport, depth: Int) async throws {
        guard depth < Self.maximumDepth else { throw MirrorError.tooDeep(source, limit: Self.maximumDepth) }
        for child in index.manifests {
            let reference = ManifestReference.digest(child.digest)
            guard try await destinationDigest(of: reference) == nil else {
                report.manifests.skipped += 1
                continue
            }
            let resolved = try await sourceClient.manifest(reference, in: source.repository)
            try await copy(resolved, as: reference, into: &report, depth: depth + 1)
        }
    }

    private func copyBlobs(of image: ImageManifest, into report: inout CopyReport) async throws {
        var seen: Set<Digest> = []
        let blobs = ([image.config] + image.layers).filter {
            !$0.mediaType.isNonDistributable && seen.insert($0.digest).inserted
        }
        // Blobs arrive from several tasks.
        let outcomes = Mutex<[(Descriptor, BlobPush)]>([])
        try await blobs.concurrentForEach(atMost: Self.concurrentBlobs) { blob in
            let push = try await destinationClient.push(
                blob,
                to: destination.repository,
                mountingFrom: source.host == destination.host ? source.repository : nil
            ) { start in
                // The destination proves the digest of the whole.
                try sourceClient.blob(blob, in: source.repository, from: start)
            }
            outcomes.withLock { $0.append((blob, push)) }
        }
        for (blob, push) in outcomes.withLock({ $0 }) { report.add(blob, push) }
    }

    private func destinationDigest(of reference: ManifestReference) async throws -> Digest? {
        try await destinationClient.manifestDigest(reference, in: destination.repository)
    }
}
