import ImageSpec
import NIOPosix
import SystemPackage

extension ImageStore {
    /// An image to be saved, and what it is to be called in the archive.
    package struct SavedImage: Sendable {
        let image: LocalImage
        fileprivate(set) var names: [ImageReference]
    }

    /// Finds what `names` stand for, as docker does: a repository without a tag is all its tags, and an ID is an image
    /// without a name.
    ///
    /// - Throws: ``ImageStoreError/noSuchImage(_:)``, ``ImageStoreError/ambiguousID(_:)``.
    package func imagesToSave(_ names: [String]) throws -> [SavedImage] {
        var saved: [SavedImage] = []
        var positions: [Digest: Int] = [:]
        for name in names {
            for (image, isNamed) in try images(savedAs: name) {
                let position = positions[image.manifestDigest] ?? saved.endIndex
                positions[image.manifestDigest] = position
                if position == saved.endIndex { saved.append(SavedImage(image: image, names: [])) }
                guard isNamed, let reference = image.reference, reference.digest == nil,
                    !saved[position].names.contains(reference)
                else { continue }
                saved[position].names.append(reference)
            }
        }
        return saved
    }

    private func images(savedAs name: String) throws -> [(LocalImage, isNamed: Bool)] {
        let reference = try? self.reference(name)
        let images = try layout.withLock(.shared) { lock in
            let index = try layout.index(lock)
            guard let reference else { return [LocalImage]() }
            if ImageReference.hasTagOrDigest(name) {
                return try index.entry(for: reference).map { [try image(of: $0)] } ?? []
            }
            return try index.entries
                .filter { entry in
                    guard let other = entry.reference else { return false }
                    return other.host == reference.host && other.repository == reference.repository
                        && other.digest == nil
                }
                .map { try image(of: $0) }
        }
        guard images.isEmpty else { return images.map { ($0, isNamed: true) } }
        return [(try image(matching: name), isNamed: false)]
    }

    /// Writes images as an archive, each blob once; every byte is checked against its digest on the way.
    ///
    /// - Parameter file: may be a pipe.
    /// - Throws: ``ImageStoreError/notSaved(reason:)``, ``ImageStoreError/missingBlob(_:)``, …
    package func save(
        _ images: [SavedImage],
        to file: FileDescriptor,
        format: ImageArchiveFormat,
        compression: ImageArchiveCompression = .none
    ) async throws {
        let leases = try images.map { try lease($0.image) }
        // It may have been removed before the lease, and be on its way back by another's hands.
        for saved in images where !saved.image.content.layers.allSatisfy({ layout.contains($0.digest) }) {
            throw ImageStoreError.noSuchImage(saved.image.reference?.familiarName ?? "\(saved.image.id)")
        }
        try await NIOThreadPool.singleton.runIfActive {
            do {
                try write(images, to: ImageArchiver(file, compression: compression), format)
            } catch let error as LayerFailure {
                throw ImageStoreError.notSaved(reason: error.reason)
            }
        }
        withExtendedLifetime(leases) {}
    }

    private func write(_ images: [SavedImage], to archiver: ImageArchiver, _ format: ImageArchiveFormat) throws {
        let blobs = try blobsToSave(images)
        // What says what is there comes first: whoever reads from a pipe knows it before the large files come.
        try archiver.add(ImageLayout.marker, as: "oci-layout")
        try archiver.add(index(of: images, format).encoded(), as: ArchivedImages.layoutIndex)
        if format == .docker { try archiver.add(dockerList(of: images), as: ArchivedImages.dockerList) }
        try archiver.addFolder("blobs")
        for algorithm in DigestAlgorithm.allCases where blobs.contains(where: { $0.algorithm == algorithm }) {
            try archiver.addFolder("blobs/\(algorithm.rawValue)")
        }
        for digest in blobs {
            try archiver.add(blobAt: layout.path(of: digest), as: digest, named: digest.layoutPath)
        }
        try archiver.finish()
    }

    /// The small ones, which say what the image is, before the layers.
    private func blobsToSave(_ images: [SavedImage]) throws -> [Digest] {
        var seen: Set<Digest> = []
        let documents = images.flatMap { [$0.image.manifestDigest, $0.image.id] }
        let blobs = (documents + images.flatMap { $0.image.content.layers.map(\.digest) })
            .filter { seen.insert($0).inserted }
        for blob in blobs where !layout.contains(blob) { throw ImageStoreError.missingBlob(blob) }
        return blobs
    }

    private func index(of images: [SavedImage], _ format: ImageArchiveFormat) throws -> LayoutIndex {
        var index = LayoutIndex()
        for saved in images {
            let names = saved.names.isEmpty ? [nil] : saved.names.map(Optional.some)
            for name in names {
                var descriptor = saved.image.manifestDescriptor
                descriptor.annotations[ArchivedImages.containerdName] = name?.description
                // docker writes the tag alone; podman and skopeo find an image of a layout by its complete name.
                descriptor.annotations[LayoutEntry.nameAnnotation] =
                    format == .docker ? name?.tag?.rawValue : name?.description
                index.append(LayoutEntry(json: try JSONValue(parsing: canonicalJSON(descriptor))))
            }
        }
        return index
    }

    private func dockerList(of images: [SavedImage]) throws -> [UInt8] {
        try canonicalJSON(
            images.map { saved in
                DockerArchiveEntry(
                    config: saved.image.id.layoutPath,
                    // Complete, or podman takes docker.io's images for its own.
                    names: saved.names.map(\.description),
                    layers: saved.image.content.layers.map(\.digest.layoutPath)
                )
            }
        )
    }
}

extension Digest {
    /// Where the blob lies in an image layout.
    fileprivate var layoutPath: String { "blobs/\(algorithm.rawValue)/\(hex)" }
}
