import ImageSpec
import RegistryClient
import SystemPackage

/// A new archive of one image as `docker load` reads it; one of before is replaced when the new one is whole.
///
/// Layers stay compressed as they are: docker, podman and skopeo see that by themselves.
struct DockerArchiveDestination: ImageDestination {
    private let tag: ImageReference?
    private let name: String
    private let archive: ArchiveBuilder

    /// - Parameter tag: what the image is called in the archive; nil for no name.
    init(path: FilePath, tag: ImageReference?, name: String) throws {
        self.tag = tag
        self.name = name
        archive = try ArchiveBuilder(path: path)
    }

    /// One file follows another.
    var takesSeveralBlobs: Bool { false }

    func begin(_ root: ResolvedManifest) throws -> Bool {
        guard case .image(let image) = root.manifest.content else {
            throw MirrorError.unsupported(
                name,
                reason: "a docker archive holds one platform's image, and this is an index"
            )
        }
        guard [.ociConfig, .dockerConfig].contains(image.config.mediaType) else {
            let type = image.artifactType ?? image.config.mediaType
            throw MirrorError.unsupported(name, reason: "it is an artifact of type \(type)")
        }
        guard !image.layers.contains(where: \.mediaType.isNonDistributable) else {
            throw MirrorError.unsupported(name, reason: "the image has layers that may not be distributed")
        }
        return false
    }

    func holds(_ manifest: Digest, as role: ManifestRole) -> Bool { false }

    func put(
        _ blob: Descriptor,
        from source: any ImageSource,
        onBytes: @escaping @Sendable (Int64) -> Void
    ) async throws -> BlobPush {
        try await archive.add(blob, as: Self.fileName(of: blob), from: source, onBytes: onBytes)
        return .uploaded
    }

    func put(_ manifest: ResolvedManifest, as role: ManifestRole) async throws {
        guard role == .root, case .image(let image) = manifest.manifest.content else {
            throw MirrorError.unsupported(name, reason: "a docker archive holds no referrers")
        }
        let item = DockerArchiveItem(
            config: Self.fileName(of: image.config),
            repoTags: tag.map { [$0.familiarName] },
            layers: image.layers.map(Self.fileName)
        )
        try await archive.add(canonicalJSON([item]), as: DockerArchiveItem.document)
    }

    func finish() async throws {
        try await archive.commit()
    }

    private static func fileName(of blob: Descriptor) -> String {
        switch blob.mediaType {
        case .ociConfig, .dockerConfig: "\(blob.digest.hex).json"
        default: "\(blob.digest.hex).tar" + (blob.mediaType.compression.map { ".\($0)" } ?? "")
        }
    }
}

extension MediaType {
    /// How a layer of this type is compressed, as the end of a file's name says it.
    fileprivate var compression: String? {
        if rawValue.hasSuffix("gzip") { return "gz" }
        return rawValue.hasSuffix("zstd") ? "zst" : nil
    }
}
