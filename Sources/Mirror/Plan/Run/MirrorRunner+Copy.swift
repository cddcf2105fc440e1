import ImageSpec
import RegistryClient

extension MirrorRunner {
    /// Sees to it that an image is at all its destinations.
    func mirror(_ item: MirrorItem) async -> [MirrorOutcome] {
        let names = options.export == nil ? item.destinations.map(\.description) : [exportName]
        let source: SourceImage
        do {
            try Task.checkCancellation()
            source = try await look(at: item)
        } catch {
            return names.map { outcome(of: error, item, $0) }
        }
        guard options.export == nil else { return [await exported(item, source)] }
        var outcomes: [MirrorOutcome] = []
        for destination in item.destinations {
            do {
                try Task.checkCancellation()
                outcomes.append(try await mirror(item, source, to: destination))
            } catch {
                outcomes.append(outcome(of: error, item, "\(destination)", source.digest))
            }
        }
        return outcomes
    }

    private var exportName: String { options.export?.description ?? "" }

    /// An image as its source describes it.
    private struct SourceImage {
        /// Nil where the registry doesn't tell it.
        let digest: Digest?
        let isIndex: Bool
    }

    private func look(at item: MirrorItem) async throws -> SourceImage {
        if let origin {
            guard let digest = origin.digest(of: item.source) else {
                throw MirrorError.notFound("\(item.source)", in: origin.name)
            }
            return SourceImage(digest: digest, isIndex: true)
        }
        let client = try await registries.client(for: item.source.host)
        let found = try await client.manifestDescriptor(item.source.manifestReference, in: item.source.repository)
        guard let found else {
            let presence = try await client.presence(of: item.source.manifestReference, in: item.source.repository)
            guard presence != .missing else { throw MirrorError.notFound("such tag", in: "the source") }
            return SourceImage(digest: nil, isIndex: true)
        }
        return SourceImage(
            digest: found.digest,
            isIndex: ![.ociManifest, .dockerManifest].contains(found.mediaType)
        )
    }

    private func mirror(
        _ item: MirrorItem,
        _ source: SourceImage,
        to destination: ImageReference
    ) async throws -> MirrorOutcome {
        let client = try await registries.pushClient(for: destination.host)
        let image = RegistryImage(destination, client: client)
        let there = try await image.describe()?.digest
        let isThere = there != nil && there == source.digest
        let unchanged = MirrorOutcome(
            .unchanged,
            source: "\(item.source)",
            destination: "\(destination)",
            digest: source.digest
        )
        let isChosen = !item.entry.platforms.isEmpty && source.isIndex
        if isThere, !isChosen, !item.entry.referrers, !options.verifies { return unchanged }
        if !isThere, isChosen, !options.verifies, let digest = source.digest, there != nil,
            try await isExcerpt(image, of: digest, item.entry.platforms)
        {
            return unchanged
        }
        if options.isDryRun {
            var planned = unchanged
            let lacksSome = isThere && isChosen ? try await lacks(item.entry.platforms, image) : false
            if !isThere || lacksSome { planned.action = .copied }
            return planned
        }
        tell(.copying(source: "\(item.source)", destination: "\(destination)"))
        let report = try await copy(
            from: try await self.source(item, source.digest, isThere ? image : nil),
            to: MirrorDestination(image: image, turns: registries.turns(at: destination.host)),
            item
        )
        return Self.outcome(report, item, "\(destination)")
    }

    private func exported(_ item: MirrorItem, _ source: SourceImage) async -> MirrorOutcome {
        do {
            guard let export else {
                return MirrorOutcome(
                    .copied,
                    source: "\(item.source)",
                    destination: exportName,
                    digest: source.digest
                )
            }
            let isThere = try source.digest != nil && export.digest(of: item.source) == source.digest
            guard !isThere || item.entry.referrers || options.verifies || !item.entry.platforms.isEmpty else {
                return MirrorOutcome(
                    .unchanged,
                    source: "\(item.source)",
                    destination: exportName,
                    digest: source.digest
                )
            }
            let opened = try await self.source(item, source.digest, nil)
            return Self.outcome(
                try await copy(from: opened, to: export.destination(of: item.source), item),
                item,
                exportName
            )
        } catch {
            return outcome(of: error, item, exportName, source.digest)
        }
    }

    /// - Parameter destination: has the image already.
    private func source(
        _ item: MirrorItem,
        _ digest: Digest?,
        _ destination: RegistryImage?
    ) async throws -> any ImageSource {
        if let origin { return origin.source(of: item.source) }
        let client = try await registries.client(for: item.source.host)
        let traffic = registries.traffic(of: item.source.host)
        if destination == nil {
            try await traffic?.awaitAllowance {
                _ = try await client.presence(of: item.source.manifestReference, in: item.source.repository)
            }
        }
        return MirrorSource(
            image: RegistryImage(item.source, client: client),
            digest: digest,
            destination: destination,
            tags: item.tags,
            traffic: traffic
        )
    }

    private func copy(
        from source: any ImageSource,
        to destination: any ImageDestination,
        _ item: MirrorItem
    ) async throws -> CopyReport {
        let platforms = item.entry.platforms
        let options = CopyOptions(
            platforms: platforms.isEmpty ? .all : .chosen(platforms),
            referrers: item.entry.referrers,
            jobs: options.jobs
        )
        return try await ImageCopy(from: source, to: destination, options: options).run()
    }

    /// Whether a destination's index names images for some platforms that aren't there.
    private func lacks(_ platforms: [Platform], _ image: RegistryImage) async throws -> Bool {
        guard case .index(let index) = try await image.resolve().manifest.content else { return false }
        for child in index.manifests(for: platforms) where try await !image.holds(child.digest, as: .child) {
            return true
        }
        return false
    }

    private func isExcerpt(_ image: RegistryImage, of digest: Digest, _ platforms: [Platform]) async throws -> Bool {
        do {
            return PlatformExcerpt.isExcerpt(try await image.resolve().manifest, of: digest, for: platforms)
        } catch is ImageSpecError {
            // Whatever it is, it is no excerpt.
            return false
        }
    }

    private static func outcome(_ report: CopyReport, _ item: MirrorItem, _ destination: String) -> MirrorOutcome {
        var outcome = MirrorOutcome(
            report.manifests.copied == 0 ? .unchanged : .copied,
            source: "\(item.source)",
            destination: destination,
            digest: report.digest
        )
        outcome.bytes = report.bytes
        outcome.blobs = report.blobs
        outcome.reason = report.excerpt.map {
            "the destination takes no index of images that it lacks, so an excerpt stands for it: \($0)"
        }
        return outcome
    }

    private func outcome(
        of error: any Error,
        _ item: MirrorItem,
        _ destination: String,
        _ digest: Digest? = nil
    ) -> MirrorOutcome {
        let isEnded = Task.isCancelled || error is CancellationError
        return MirrorOutcome(
            isEnded ? .skipped : .failed,
            source: "\(item.source)",
            destination: destination,
            digest: digest,
            reason: isEnded ? "interrupted" : "\(error)"
        )
    }
}
