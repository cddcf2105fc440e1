import ImageSpec
import RegistryClient

/// An index that names only some of another one's images, for registries that take no index of what they lack.
package enum PlatformExcerpt {
    /// Says of which index it is an excerpt.
    static let sourceAnnotation = "berth.mirror.source-digest"
    /// Says for which platforms.
    static let platformsAnnotation = "berth.mirror.platforms"

    /// The same source and platforms always give the same bytes.
    static func of(
        _ index: ImageIndex,
        from source: ResolvedManifest,
        for platforms: [Platform]
    ) throws -> ResolvedManifest {
        var excerpt = index
        excerpt.manifests = index.manifests(for: platforms)
        excerpt.annotations[sourceAnnotation] = source.digest.description
        excerpt.annotations[platformsAnnotation] = text(of: platforms)
        let manifest = try Manifest(parsing: canonicalJSON(excerpt))
        return ResolvedManifest(manifest: manifest, digest: manifest.digest())
    }

    /// Whether a manifest is the excerpt of the index with this digest.
    static func isExcerpt(_ manifest: Manifest, of source: Digest, for platforms: [Platform]) -> Bool {
        manifest.annotations[sourceAnnotation] == source.description
            && manifest.annotations[platformsAnnotation] == text(of: platforms)
    }

    private static func text(of platforms: [Platform]) -> String {
        platforms.map(\.description).sorted().joined(separator: ",")
    }
}

extension ImageIndex {
    /// What build tools note of which image an attestation is about.
    private static let attestedAnnotation = "vnd.docker.reference.digest"

    /// The images for some platforms, and the attestations of these.
    func manifests(for platforms: [Platform]) -> [Descriptor] {
        let chosen = Set(
            platforms.compactMap { wanted in
                manifest(for: wanted)?.platform.map { "\($0)" }
            }
        )
        let images = Set(
            manifests.filter { $0.platform.map { chosen.contains("\($0)") } ?? false }.map(\.digest)
        )
        return manifests.filter { entry in
            let attested = entry.annotations[Self.attestedAnnotation].flatMap { try? Digest($0) }
            return images.contains(entry.digest) || attested.map(images.contains) ?? false
        }
    }
}
