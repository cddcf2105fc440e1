import ImageSpec
import RegistryClient

extension ImageSource {
    /// The largest config that is read, in bytes.
    private static var maximumConfigSize: Int { 4 << 20 }

    /// The manifest that the place's name stands for, or, when that is an index, the one in it for `platform`.
    ///
    /// - Parameter isDemanded: whether a single image for another platform is an error; else it is taken as it is.
    /// - Returns: the manifest, and the index's digest if there is one.
    /// - Throws: ``MirrorError/noManifestForPlatform(_:_:available:)``.
    package func resolve(
        for platform: Platform,
        isDemanded: Bool = true
    ) async throws -> (manifest: ResolvedManifest, index: Digest?) {
        let resolved = try await resolve()
        switch resolved.manifest.content {
        case .index(let index):
            guard let child = index.manifest(for: platform) else {
                let available = index.manifests.compactMap(\.platform).filter { $0.os != "unknown" }
                throw MirrorError.noManifestForPlatform(name, platform, available: available)
            }
            return (try await manifest(child), resolved.digest)
        case .image(let image):
            if isDemanded, let own = try await self.platform(of: image), !own.runs(on: platform) {
                throw MirrorError.noManifestForPlatform(name, platform, available: [own])
            }
            return (resolved, nil)
        }
    }

    /// Nil for artifacts, which have none.
    private func platform(of image: ImageManifest) async throws -> Platform? {
        guard
            [.ociConfig, .dockerConfig].contains(image.config.mediaType), image.config.size <= Self.maximumConfigSize
        else { return nil }
        var bytes: [UInt8] = []
        for try await buffer in try blob(image.config) { bytes += buffer.readableBytesView }
        return try? ImageConfig(parsing: bytes).platform
    }
}
