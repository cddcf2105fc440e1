import ImageSpec
import NIOCore
import RegistryClient

/// A small image for two platforms, one layer each, with a signature that refers to the index and an SBOM that refers
/// to the first platform's manifest; and a signature as cosign keeps it, under a tag.
struct MultiPlatformImage: Sendable {
    static let platforms = [
        Platform(os: "linux", architecture: "amd64"), Platform(os: "linux", architecture: "arm64", variant: "v8"),
    ]
    static let signatureType = "application/vnd.example.signature"
    static let sbomType = "application/spdx+json"

    let index: Manifest
    let manifests: [Manifest]
    let signature: Manifest
    let sbom: Manifest
    let cosignTag: String

    /// Pushes the image to `repository` as `latest`.
    static func push(to host: RegistryHost, _ repository: RepositoryName) async throws -> MultiPlatformImage {
        let client = try RegistryClient(registry: host)
        var manifests: [Manifest] = []
        var children: [Descriptor] = []
        for platform in platforms {
            let layer = try await push(
                [UInt8](repeating: 0, count: 1024) + Array("\(platform)".utf8),
                .ociLayer,
                client,
                repository
            )
            let config = try await push(
                canonicalJSON(ImageConfig(platform: platform, diffIDs: [layer.digest])),
                .ociConfig,
                client,
                repository
            )
            let manifest = try Manifest(ImageManifest(config: config, layers: [layer]))
            try await client.push(manifest, as: .digest(manifest.digest()), to: repository)
            var child = manifest.descriptor
            child.platform = platform
            children.append(child)
            manifests.append(manifest)
        }
        let index = try Manifest(parsing: canonicalJSON(ImageIndex(manifests: children)))
        try await client.push(index, as: .tag(.latest), to: repository)
        let cosignTag = index.digest().companionTags[0]
        let cosign = try await artifact("cosign", signatureType, subject: nil, client, repository)
        try await client.push(cosign, as: .tag(cosignTag), to: repository)
        return MultiPlatformImage(
            index: index,
            manifests: manifests,
            signature: try await artifact("signed", signatureType, subject: index, client, repository),
            sbom: try await artifact("bill", sbomType, subject: manifests[0], client, repository),
            cosignTag: cosignTag.rawValue
        )
    }

    private static func artifact(
        _ content: String,
        _ type: String,
        subject: Manifest?,
        _ client: RegistryClient,
        _ repository: RepositoryName
    ) async throws -> Manifest {
        let layer = try await push(Array(content.utf8), .octetStream, client, repository)
        let empty = try MediaType("application/vnd.oci.empty.v1+json")
        let config = try await push(Array("{}".utf8), empty, client, repository)
        var image = ImageManifest(config: config, layers: [layer])
        image.artifactType = try MediaType(type)
        image.subject = subject?.descriptor
        let manifest = try Manifest(image)
        try await client.pushReferrer(ResolvedManifest(manifest: manifest, digest: manifest.digest()), to: repository)
        return manifest
    }

    private static func push(
        _ bytes: [UInt8],
        _ type: MediaType,
        _ client: RegistryClient,
        _ repository: RepositoryName
    ) async throws -> Descriptor {
        let descriptor = Descriptor(mediaType: type, content: bytes)
        let content = AsyncStream<ByteBuffer> {
            $0.yield(ByteBuffer(bytes: bytes))
            $0.finish()
        }
        _ = try await client.push(descriptor, to: repository, content: content)
        return descriptor
    }
}
