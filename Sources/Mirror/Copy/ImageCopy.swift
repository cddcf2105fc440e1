import ImageSpec
import RegistryClient
import Synchronization

/// Copies an image from one place to another, byte for byte.
///
/// What the destination has already is not sent again, and nothing is kept on this host on the way: blobs go through
/// piece by piece, verified.
///
/// ```swift
/// let copy = ImageCopy(from: source, to: destination, options: CopyOptions(platforms: .all))
/// let report = try await copy.run()
/// ```
package struct ImageCopy: Sendable {
    /// How deep manifests may stand under manifests: indexes in indexes, signatures of signatures.
    static let maximumDepth = 5

    let source: any ImageSource
    let destination: any ImageDestination
    private let options: CopyOptions
    private let onEvent: @Sendable (CopyEvent) -> Void

    /// - Parameter onEvent: told of the progress, from several tasks at once.
    package init(
        from source: any ImageSource,
        to destination: any ImageDestination,
        options: CopyOptions = CopyOptions(),
        onEvent: @escaping @Sendable (CopyEvent) -> Void = { _ in }
    ) {
        self.source = source
        self.destination = destination
        self.options = options
        self.onEvent = onEvent
    }

    /// Copies what is missing.
    ///
    /// - Throws: ``RegistryClientError``; ``MirrorError``; ``ImageSpecError``.
    package func run() async throws -> CopyReport {
        let root = try await chooseRoot()
        var state = CopyState(root: root.digest)
        let isThere = try await destination.begin(root)
        try await copy(root, as: .root, isThere: isThere, into: &state, depth: 0)
        try await destination.finish()
        return state.report
    }

    /// Those of an index that are copied.
    private func children(of index: ImageIndex, as role: ManifestRole) throws -> [Descriptor] {
        guard case .chosen(let platforms) = options.platforms, role == .root else { return index.manifests }
        let chosen = index.manifests(for: platforms)
        guard chosen.isEmpty, let wanted = platforms.first else { return chosen }
        throw MirrorError.noManifestForPlatform(source.name, wanted, available: index.manifests.compactMap(\.platform))
    }

    private func put(_ resolved: ResolvedManifest, as role: ManifestRole, into state: inout CopyState) async throws {
        guard
            case .chosen(let platforms) = options.platforms, role == .root,
            case .index(let index) = resolved.manifest.content
        else { return try await destination.put(resolved, as: role) }
        let chosen = index.manifests(for: platforms)
        guard chosen.count < index.manifests.count else { return try await destination.put(resolved, as: role) }
        do {
            try await destination.put(resolved, as: role)
        } catch let error as RegistryClientError where [400, 404, 422].contains(error.refusedStatus) {
            let reduced = try PlatformExcerpt.of(index, from: resolved, for: platforms)
            try await destination.put(reduced, as: role)
            state.report.excerpt = reduced.digest
        }
    }

    private func chooseRoot() async throws -> ResolvedManifest {
        let (platform, isDemanded): (Platform, Bool)
        switch options.platforms {
        case .all, .chosen: return try await source.resolve()
        case .only(let demanded): (platform, isDemanded) = (demanded, true)
        case .preferred(let preferred): (platform, isDemanded) = (preferred, false)
        }
        let chosen = try await source.resolve(for: platform, isDemanded: isDemanded)
        if let index = chosen.index { onEvent(.chose(platform, of: index)) }
        return chosen.manifest
    }

    private func copy(
        _ resolved: ResolvedManifest,
        as role: ManifestRole,
        isThere: Bool,
        into state: inout CopyState,
        depth: Int
    ) async throws {
        guard state.takes(manifest: resolved.digest) else { return }
        switch resolved.manifest.content {
        case .image(let image):
            if !isThere { try await copyBlobs([image.config] + image.layers, into: &state) }
        case .index(let index):
            // An index that is there may lack what it names: some registries and layouts allow that.
            for child in try children(of: index, as: role) {
                try await copy(child, as: .child, into: &state, depth: depth + 1)
            }
        }
        if isThere {
            state.report.manifests.skipped += 1
        } else {
            try await put(resolved, as: role, into: &state)
            state.report.manifests.copied += 1
            state.report.bytes += Int64(resolved.manifest.bytes.count)
            onEvent(.manifest(resolved.descriptor))
        }
        if options.referrers { try await copyReferrers(of: resolved.digest, into: &state, depth: depth + 1) }
    }

    /// Copies what a manifest names, or what refers to it.
    private func copy(
        _ descriptor: Descriptor,
        as role: ManifestRole,
        into state: inout CopyState,
        depth: Int
    ) async throws {
        guard depth < Self.maximumDepth else { throw MirrorError.tooDeep(source.name, limit: Self.maximumDepth) }
        // Some indexes name blobs: those that build tools keep their caches in.
        guard MediaType.manifests.contains(descriptor.mediaType) else {
            return try await copyBlobs([descriptor], into: &state)
        }
        let isThere = try await destination.holds(descriptor.digest, as: role)
        let isWhole = isThere && ![.ociIndex, .dockerManifestList].contains(descriptor.mediaType)
        if isWhole, !options.referrers {
            if state.takes(manifest: descriptor.digest) { state.report.manifests.skipped += 1 }
            return
        }
        try await copy(source.manifest(descriptor), as: role, isThere: isThere, into: &state, depth: depth)
    }

    /// Signatures and the like, and those of theirs.
    private func copyReferrers(of digest: Digest, into state: inout CopyState, depth: Int) async throws {
        for referrer in try await source.referrers(of: digest) {
            try await copy(referrer, as: .referrer, into: &state, depth: depth)
        }
        guard depth <= Self.maximumDepth else { return }
        for (tag, manifest) in try await source.companions(of: digest) {
            let role = ManifestRole.companion(tag)
            let isThere = try await destination.holds(manifest.digest, as: role)
            try await copy(manifest, as: role, isThere: isThere, into: &state, depth: depth)
        }
    }

    private func copyBlobs(_ descriptors: [Descriptor], into state: inout CopyState) async throws {
        let blobs = state.new(descriptors).filter { blob in
            guard blob.mediaType.isNonDistributable, !options.foreignLayers else { return true }
            onEvent(.skipped(blob))
            return false
        }
        // Blobs arrive from several tasks.
        let outcomes = Mutex<[(Descriptor, BlobPush)]>([])
        try await blobs.concurrentForEach(atMost: destination.takesSeveralBlobs ? options.jobs : 1) { blob in
            let push = try await destination.put(blob, from: source) { onEvent(.copying(blob, bytes: $0)) }
            outcomes.withLock { $0.append((blob, push)) }
            onEvent(.blob(blob, push))
        }
        for (blob, push) in outcomes.withLock({ $0 }) { state.report.add(blob, push) }
    }
}
