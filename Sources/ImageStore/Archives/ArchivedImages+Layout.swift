import ImageSpec

extension ArchivedImages {
    static let layoutIndex = "index.json"
    /// What containerd and docker call an image; the specification's own annotation is only a tag there.
    static let containerdName = "io.containerd.image.name"

    /// The images of an image layout.
    mutating func readLayout(_ bytes: [UInt8]) throws {
        let index = try Manifest(parsing: bytes, contentType: nil)
        guard case .index(let content) = index.content else {
            throw ImageStoreError.archiveRefused(reason: "its \(Self.layoutIndex) is no index")
        }
        for descriptor in content.manifests {
            let names = try Self.name(of: descriptor).map { [$0] } ?? []
            guard try !addNames(names, to: descriptor.digest),
                let image = try image(descriptor, resolved: nil, depth: 0)
            else { continue }
            try add(image, named: names)
        }
    }

    /// Nil for what isn't an image.
    private func image(_ descriptor: Descriptor, resolved: Digest?, depth: Int) throws -> ArchivedImage? {
        guard depth < 3, MediaType.manifests.contains(descriptor.mediaType) else { return nil }
        guard let file = try archive.blob(descriptor.digest) else {
            throw ImageStoreError.archiveRefused(reason: "it lacks the manifest \(descriptor.digest)")
        }
        let manifest = try Manifest(parsing: archive.bytes(of: file), contentType: descriptor.mediaType)
        switch manifest.content {
        case .image(let content):
            return try image(content, of: manifest, resolved: resolved)
        case .index(let index):
            // An archive of one platform most often lacks the others, though the index names them.
            let held = try index.manifests.filter { try archive.blob($0.digest) != nil }
            let images = ImageIndex(manifests: held.filter { $0.platform?.os != "unknown" })
            let only = images.manifests.count == 1 ? images.manifests.first : nil
            guard let child = images.manifest(for: platform ?? .host) ?? (platform == nil ? only : nil) else {
                let available = index.manifests.compactMap(\.platform).map(\.description).joined(separator: ", ")
                throw ImageStoreError.archiveRefused(
                    reason:
                        "it has no image for \(platform ?? .host), only for \(available.isEmpty ? "none" : available)"
                )
            }
            return try image(child, resolved: resolved ?? descriptor.digest, depth: depth + 1)
        }
    }

    private func image(_ content: ImageManifest, of manifest: Manifest, resolved: Digest?) throws -> ArchivedImage? {
        guard [.ociConfig, .dockerConfig].contains(content.config.mediaType), content.artifactType == nil else {
            return nil
        }
        let bytes = try archive.bytes(of: present(content.config))
        return try ArchivedImage(
            manifest,
            content,
            configBytes: bytes,
            layers: content.layers.map(present),
            resolved: resolved
        )
    }

    private func present(_ blob: Descriptor) throws -> SpooledFile {
        guard let file = try archive.blob(blob.digest) else {
            throw ImageStoreError.archiveRefused(reason: "it lacks the blob \(blob.digest)")
        }
        guard file.size == blob.size else {
            throw ImageStoreError.wrongSize(blob.digest, expected: blob.size, actual: file.size)
        }
        return file
    }

    /// A tag alone names no image.
    private static func name(of descriptor: Descriptor) throws -> ImageReference? {
        let given = descriptor.annotations[Self.containerdName] ?? descriptor.annotations[LayoutEntry.nameAnnotation]
        guard let given, given.contains(where: { ":/".contains($0) }) else { return nil }
        let reference = try ImageReference(given)
        guard let digest = reference.digest else { return reference }
        guard digest == descriptor.digest else {
            throw ImageStoreError.archiveRefused(reason: "it calls \(descriptor.digest) '\(given)'")
        }
        return reference
    }
}
